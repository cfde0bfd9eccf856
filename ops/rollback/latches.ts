/** Latches in their parameters: read, and opened again. */
import type { Aws } from "../aws/aws.ts";

/** One latch's parameter. */
export interface LatchPlace {
  readonly region: string;
  /** Name of the parameter. */
  readonly name: string;
}

/** Value of the parameter; undefined when there is none. @throws UserError when it cannot be read */
export async function readLatch(aws: Aws, { region, name }: LatchPlace): Promise<string | undefined> {
  const ssm = await aws.client("ssm", region);
  try {
    return (await ssm.getParameter({ Name: name })).Parameter?.Value;
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
    throw aws.refusal(error, `The latch ${name} cannot be read`);
  }
}

/** @throws UserError when it cannot be written */
export async function writeLatch(aws: Aws, { region, name }: LatchPlace, value: string): Promise<void> {
  const ssm = await aws.client("ssm", region);
  const written = ssm.putParameter({ Name: name, Type: "String", Overwrite: true, Value: value });
  await aws.told(`The latch ${name} cannot be written`, written);
}
