/** Whether the services of a region may write: a parameter of the region, which their tasks read when they start. */
import { failsOver, readOnlyParameter } from "../../components/environment/contract/failover.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";

/** What a region says of writes. */
export interface WriteMode {
  readonly writes: "taken" | "refused";
  /** The parameter's value, or why there is none. */
  readonly why: string;
  /** Version of the parameter; 0 where there is none. */
  readonly version: number;
}

/** A stack of one region has no such parameter, and takes writes. @throws UserError when it cannot be read */
export async function readWriteMode(aws: Aws, config: StackConfig, region: string): Promise<WriteMode> {
  if (!failsOver(config)) return { writes: "taken", why: "the stack has one region", version: 0 };
  const Name = readOnlyParameter(config);
  const ssm = await aws.client("ssm", region);
  const { Parameter } = await aws.told(`${Name} cannot be read in ${region}`, ssm.getParameter({ Name }));
  const value = Parameter?.Value ?? "";
  return { writes: value === "true" ? "refused" : "taken", why: `${Name} is ${JSON.stringify(value)}`, version: Parameter?.Version ?? 0 };
}

/** Writes it; tasks take it up when they are started anew. @throws UserError when it is refused */
export async function setWriteMode(aws: Aws, config: StackConfig, region: string, writes: WriteMode["writes"]): Promise<void> {
  const Name = readOnlyParameter(config);
  const ssm = await aws.client("ssm", region);
  const set = ssm.putParameter({ Name, Value: String(writes === "refused"), Overwrite: true });
  await aws.told(`${Name} is not set in ${region}`, set);
}
