/**
 * `node tools/runbooks/awsOperations.ts <botocore's data folder>`: writes what the AWS CLI takes for the operations that runbooks name, out of
 * the service models that the CLI itself is made of (botocore, Apache 2.0). Tests hold the pages against it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pagesIn } from "../../ops/runbook/page.ts";
import { awsOperationsFile, type Flags } from "./awsOperationsFile.ts";
import { awsCommandsIn } from "./cloudCommands.ts";

/** Service in the CLI, where it is called otherwise than in botocore. */
const folders: Readonly<Record<string, string>> = { s3api: "s3" };

/** Commands that the CLI adds to those of the models (awscli, customizations/logs/tail.py, customizations/s3/subcommands.py). */
const added: Readonly<Record<string, Flags>> = {
  "s3 sync": [],
  "logs tail": ["--filter-pattern", "--follow", "--format", "--log-stream-name-prefix", "--log-stream-names", "--since"],
};

interface Shape {
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly type: string;
}
interface Model {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** As the CLI writes a name of a model: `DescribeDBInstances` is `describe-db-instances` (botocore, `xform_name`). */
function kebab(name: string): string {
  return name
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1-$2")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

function modelOf(
  data: string,
  service: string,
): { readonly model: Model; readonly waiters: Readonly<Record<string, { readonly operation: string }>> } {
  const folder = join(data, folders[service] ?? service);
  const newest = join(folder, readdirSync(folder).sort().at(-1) ?? "");
  const text = (file: string) => {
    const zipped = readdirSync(newest).find((name) => name === `${file}.gz`);
    return zipped === undefined ? readFileSync(join(newest, file), "utf8") : gunzipSync(readFileSync(join(newest, zipped))).toString();
  };
  const hasWaiters = readdirSync(newest).some((name) => name.startsWith("waiters-2"));
  return {
    model: JSON.parse(text("service-2.json")) as Model,
    waiters: hasWaiters ? (JSON.parse(text("waiters-2.json")) as { waiters: Record<string, { operation: string }> }).waiters : {},
  };
}

/** Flags of an operation; a boolean can be said the other way round. @throws Error for one that there is not */
function flagsOf(data: string, service: string, operation: string): Flags {
  const known = added[`${service} ${operation}`];
  if (known !== undefined) return known;
  const { model, waiters } = modelOf(data, service);
  const waiter = Object.keys(waiters).find((name) => `wait ${kebab(name)}` === operation);
  const name = waiter === undefined ? Object.keys(model.operations).find((one) => kebab(one) === operation) : waiters[waiter]?.operation;
  if (name === undefined) throw new Error(`aws ${service} has no ${operation}`);
  const members = model.shapes[model.operations[name]?.input?.shape ?? ""]?.members ?? {};
  return Object.entries(members)
    .flatMap(([member, { shape }]) => [`--${kebab(member)}`, ...(model.shapes[shape]?.type === "boolean" ? [`--no-${kebab(member)}`] : [])])
    .sort();
}

const [data = ""] = process.argv.slice(2);
const folder = join(import.meta.dirname, "..", "..", "docs", "runbooks");
const named = new Map(
  pagesIn(folder).flatMap(({ text }) =>
    awsCommandsIn(text).map(({ service, operation }) => [`${service} ${operation}`, { service, operation }] as const),
  ),
);
const table = Object.fromEntries([...named].sort().map(([key, { service, operation }]) => [key, flagsOf(data, service, operation)]));
writeFileSync(awsOperationsFile, `${JSON.stringify(table, undefined, 2)}\n`);
