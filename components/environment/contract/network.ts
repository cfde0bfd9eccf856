/** Config area `network`: the VPC, in the stack's region. */
import type { Immutable } from "../../contract/immutable.ts";
import { z } from "../../contract/zod.ts";
import { network as vpc } from "../../network/contract.ts";
import type { aws } from "./account.ts";
import type { databases } from "./databases.ts";
import { type failover, failsOver } from "./failover.ts";
import { secretPlace, type secrets } from "./secrets.ts";
import type { services } from "./service.ts";

const { region: _, cidrBlock: cidr, ...fields } = vpc.shape;

export const network = z.strictObject({ cidr, ...fields }).describe("the VPC: public, private and isolated subnets in each zone");

/** What tells which secrets tasks read, and where they are. */
interface Areas {
  readonly aws: Immutable<z.output<typeof aws>>;
  readonly secrets: Immutable<z.output<typeof secrets>>;
  readonly services: Immutable<z.output<typeof services>>;
  readonly databases?: Immutable<z.output<typeof databases>> | undefined;
  readonly failover?: Immutable<z.output<typeof failover>> | undefined;
}

/** Interface endpoints without which tasks cannot start where there is no NAT gateway: for their image, their log and their secrets. */
export function neededEndpoints({ aws, secrets, services, databases = {}, failover }: Areas): z.output<typeof fields.interfaceEndpoints> {
  const all = Object.values(services);
  const stores = new Set(
    all.flatMap((service) => Object.values(service.secrets).map((reference) => secretPlace({ aws, secrets }, reference).store)),
  );
  const passwords = all.some(
    ({ connects }) => connects.caches.length > 0 || connects.databases.some((name) => databases[name]?.engine !== "dynamodb"),
  );
  const readsMode = failover !== undefined && failsOver({ failover });
  return [
    ...(["ecr.api", "ecr.dkr", "logs"] as const),
    ...(stores.has("parameter") || readsMode ? (["ssm"] as const) : []),
    ...(stores.has("secretsManager") || passwords ? (["secretsmanager"] as const) : []),
  ];
}
