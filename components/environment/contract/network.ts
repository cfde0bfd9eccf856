/** Config area `network`: the VPC, in the stack's region. */
import { z } from "../../contract/zod.ts";
import { network as vpc } from "../../network/contract.ts";

const { region: _, cidrBlock: cidr, ...fields } = vpc.shape;

export const network = z.strictObject({ cidr, ...fields }).describe("the VPC: public, private and isolated subnets in each zone");
