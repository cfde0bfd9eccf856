/** What is kept of the last test of messages: who sent it, and who said that it came. Codes are kept as digests. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { alarmTestParameter } from "../../components/notifications/contract.ts";
import { type Severity, severities } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { UserError } from "../userError.ts";

const sent = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("sent"), code: z.string() }),
  z.strictObject({ outcome: z.literal("confirmed"), at: z.iso.datetime(), by: z.string() }),
  z.strictObject({ outcome: z.literal("failed"), reason: z.string() }),
]);

const record = z.strictObject({
  at: z.iso.datetime(),
  by: z.string(),
  region: z.string(),
  severities: z.record(z.enum(severities), sent),
});

/** The last test. */
export type TestRecord = Readonly<z.output<typeof record>>;

type Whose = Pick<StackConfig, "system" | "environment" | "aws">;

/** @returns undefined where nobody has tested yet @throws UserError when it cannot be read or understood */
export async function readTestRecord(aws: Aws, config: Whose): Promise<TestRecord | undefined> {
  const name = alarmTestParameter(config);
  const ssm = await aws.client("ssm", config.aws.region);
  const value = await ssm.getParameter({ Name: name }).then(
    ({ Parameter }) => Parameter?.Value,
    (error: unknown) => {
      if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
      throw aws.refusal(error, `The record of the last test, ${name}, cannot be read`);
    },
  );
  if (value === undefined) return undefined;
  const read = record.safeParse(parsed(value));
  if (read.success) return read.data;
  throw new UserError(`The parameter ${name} is no record of a test: somebody edited it. The next test writes it anew.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws UserError when it cannot be written */
export async function writeTestRecord(aws: Aws, config: Whose, test: TestRecord): Promise<void> {
  const name = alarmTestParameter(config);
  const ssm = await aws.client("ssm", config.aws.region);
  const written = ssm.putParameter({ Name: name, Type: "String", Overwrite: true, Value: JSON.stringify(test) });
  await aws.told(`The record of the test, ${name}, cannot be written`, written);
}

/** What is kept of a code. */
export function digestOf(code: string): string {
  return createHash("sha256").update(code).digest("hex");
}

/** The record after somebody has said a code; undefined where no message of this test carries it. Pure. */
export function confirmedBy(test: TestRecord, code: string, by: string, at: Date): TestRecord | undefined {
  const severity = severities.find((one) => {
    const message = test.severities[one];
    return message?.outcome === "sent" && message.code === digestOf(code.trim().toUpperCase());
  });
  if (severity === undefined) return undefined;
  return { ...test, severities: { ...test.severities, [severity]: { outcome: "confirmed", at: at.toISOString(), by } } };
}

/** Severities of which nobody has said that the message came. Pure. */
export function unconfirmedIn(test: TestRecord): Severity[] {
  return severities.filter((severity) => test.severities[severity]?.outcome !== "confirmed");
}

/** The test in a line, for whoever looks later. Pure. */
export function testLine(test: TestRecord | undefined): string {
  if (test === undefined) return "nobody has tested yet whether messages of alarms reach people";
  const open = unconfirmedIn(test);
  const came = severities.filter((severity) => !open.includes(severity));
  const words = [
    ...(came.length === 0 ? [] : [`${came.join(", ")} came`]),
    ...(open.length === 0 ? [] : [`nobody has said so of ${open.join(", ")}`]),
  ];
  return `tested ${test.at} in ${test.region} by ${test.by}: ${words.join("; ")}`;
}
