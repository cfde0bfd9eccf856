/** A creation on a real cluster that was killed in the middle: its id is its name, so that nobody has to look it up. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { State } from "../../../ops/engine/state.ts";
import { recover } from "../../../ops/recovery/pending.ts";
import { withStubEngine } from "../../harness/stubEngine.ts";

const engine = withStubEngine(
  (folder) => `
echo "$1 $2" >> "${folder}/started"
case "$1 $2" in
  "stack export") cat "${folder}/state" ;;
  "stack import") while [ "$1" != --file ]; do shift; done; cp "$2" "${folder}/state" ;;
esac`,
);

const created = (type: string, metadata: object) => ({
  type: "creating" as const,
  resource: { urn: `urn:pulumi:prod::shop::${type}::made`, type, custom: true, provider: "urn::id", inputs: { metadata } },
});
const bucket = { urn: "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::logs", type: "aws:s3/bucket:Bucket", custom: true, id: "logs" };

async function recovered(operations: readonly ReturnType<typeof created>[]) {
  const deployment = { resources: [bucket], pending_operations: operations };
  writeFileSync(engine.path("state"), JSON.stringify({ version: 3, deployment }));
  const session = engine.session();
  try {
    await recover(session, { resources: [bucket], pendingOperations: operations } as State);
  } finally {
    session.close();
  }
  const written = JSON.parse(readFileSync(engine.path("state"), "utf8")) as { readonly deployment: typeof deployment };
  return { ...written.deployment, started: readFileSync(engine.path("started"), "utf8").trim().split("\n") };
}

test("K8 it is taken into the state by its namespace and name, and read, which drops what is not there", async () => {
  const deployment = created("kubernetes:apps/v1:Deployment", { namespace: "coinestate", name: "api-green" });
  const namespace = created("kubernetes:core/v1:Namespace", { name: "coinestate" });
  const { resources, pending_operations, started } = await recovered([deployment, namespace]);
  expect(resources).toEqual([
    bucket,
    { ...deployment.resource, id: "coinestate/api-green", outputs: deployment.resource.inputs },
    { ...namespace.resource, id: "coinestate", outputs: namespace.resource.inputs },
  ]);
  expect(pending_operations).toEqual([]);
  expect(started).toEqual(["stack export", "stack import", "refresh --yes"]);
});

test("K8 beside a creation that only an account knows nothing is written, and a person is told its id", async () => {
  const database = created("aws:rds/instance:Instance", {});
  const service = created("kubernetes:core/v1:Service", { namespace: "coinestate", name: "api-green" });
  const said = String(await recovered([database, service]).catch((error: unknown) => error));
  expect(said).toContain("creating aws:rds/instance:Instance");
  expect(said).toContain("creating kubernetes:core/v1:Service made, whose id is coinestate/api-green");
  expect(existsSync(engine.path("started"))).toBe(false);
});
