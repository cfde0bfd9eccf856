/** Config area `network`: the VPC, in the stack's region. */
import { z } from "../../components/contract/zod.ts";
import { network as vpc } from "../../components/network/contract.ts";

const { region: _, cidrBlock: cidr, ...fields } = vpc.shape;

export const network = z.strictObject({ cidr, ...fields }).describe("the VPC: public, private and isolated subnets in each zone");
