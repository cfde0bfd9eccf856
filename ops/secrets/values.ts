/** Where values of secrets are: whether there is one, and setting one. No value is ever read. */
import type { Aws } from "../aws/aws.ts";
import { UserError } from "../userError.ts";
import type { SecretEntry } from "./inventory.ts";

/** What a store says about a secret. */
export type Presence =
  /** There is a value. */
  | { readonly kind: "set"; readonly changed: Date | undefined }
  /** There is no value. `place` tells whether the entry itself exists. */
  | { readonly kind: "missing"; readonly place: boolean }
  /** The store did not tell. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Where a value is asked for. */
type PlacedSecret = Pick<SecretEntry, "name" | "store" | "region">;

/** Whether each secret has a value, by name. Never throws for a single one. */
export async function presenceOf(aws: Aws, entries: readonly PlacedSecret[]): Promise<ReadonlyMap<string, Presence>> {
  await aws.identity();
  const found = new Map<string, Presence>();
  for (const entry of entries)
    try {
      found.set(entry.name, await (entry.store === "parameter" ? parameterPresence : secretPresence)(aws, entry));
    } catch (error) {
      const refusal = aws.refusal(error, "It cannot be read");
      if (!(refusal instanceof UserError)) throw refusal;
      found.set(entry.name, { kind: "unknown", reason: refusal.message });
    }
  return found;
}

/** Sets a value. @param stack words that name the stack in a command @throws UserError when the store refuses it */
export async function setValue(aws: Aws, { name, store, region, keyAlias }: SecretEntry, value: string, stack: string): Promise<void> {
  try {
    if (store === "parameter") {
      const key = keyAlias === undefined ? {} : { KeyId: keyAlias };
      const ssm = await aws.client("ssm", region);
      await ssm.putParameter({ Name: parameterName(name), Type: "SecureString", Overwrite: true, Value: value, ...key });
    } else await (await aws.client("secretsManager", region)).putSecretValue({ SecretId: name, SecretString: value });
  } catch (error) {
    const refusal = aws.refusal(error, `The value of ${name} is not set`);
    if (!(refusal instanceof UserError)) throw refusal;
    const place = /InvalidKeyId|ResourceNotFoundException/.test(refusal.message)
      ? `\nMake its place first: slipway up ${stack} --target '**slipway:secrets:Secrets**'`
      : "";
    // AWS may repeat the value.
    throw new UserError(`${refusal.message.replaceAll(value, "[secret]")}${place}`, refusal.exitCode);
  }
}

/** Reads of metadata: `DescribeParameters` has no field for the value. */
async function parameterPresence(aws: Aws, { name, region }: PlacedSecret): Promise<Presence> {
  const ssm = await aws.client("ssm", region);
  const ParameterFilters = [{ Key: "Name", Option: "Equals", Values: [parameterName(name)] }];
  // AWS may give pages without an item.
  for await (const { Parameters = [] } of ssm.paginateDescribeParameters({ ParameterFilters })) {
    const [parameter] = Parameters;
    if (parameter === undefined) continue;
    if (parameter.Type !== "SecureString") return { kind: "unknown", reason: `is a ${parameter.Type}, kept in clear` };
    return { kind: "set", changed: parameter.LastModifiedDate };
  }
  return { kind: "missing", place: false };
}

async function secretPresence(aws: Aws, { name, region }: PlacedSecret): Promise<Presence> {
  const secretsManager = await aws.client("secretsManager", region);
  try {
    const { VersionIdsToStages = {}, LastChangedDate, DeletedDate } = await secretsManager.describeSecret({ SecretId: name });
    if (DeletedDate !== undefined) return { kind: "unknown", reason: "is scheduled for deletion" };
    const current = Object.values(VersionIdsToStages).some((stages) => stages.includes("AWSCURRENT"));
    return current ? { kind: "set", changed: LastChangedDate } : { kind: "missing", place: true };
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return { kind: "missing", place: false };
    throw error;
  }
}

/** Name of a parameter, whether config gives that or its ARN. */
export function parameterName(name: string): string {
  return name.replace(/^arn:aws:ssm:[^:]*:\d*:parameter/, "");
}
