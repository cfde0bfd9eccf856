/** When an engine command is tried again with the credential of the config: only where the cluster refused that of the state. */
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { refreshed, withRenewedCredential } from "../../../ops/recovery/renewedCredential.ts";
import { withStubEngine } from "../../harness/stubEngine.ts";

const refusal = "error: failed to read resource state due to unreachable cluster";
const onCluster = [{ urn: "urn:x", type: "kubernetes:core/v1:Service", custom: true }];

/** An engine whose state has what it is told, and whose refreshes are refused until the program runs. */
const engine = withStubEngine(
  (folder) => `
[ "$1 $2" = "stack export" ] && cat "${folder}/state" && exit
case "$*" in *--run-program*) exit 0 ;; esac
cat "${folder}/refusal"; exit 255`,
);

async function tries(exitCode: number, resources: readonly object[], said = refusal): Promise<(string | undefined)[]> {
  writeFileSync(engine.path("state"), JSON.stringify({ version: 3, deployment: { resources } }));
  writeFileSync(engine.path("refusal"), said);
  const session = engine.session("gs://state"); // only the engine reads it
  const flags: (string | undefined)[] = [];
  const run = async ([flag]: readonly string[]) => {
    flags.push(flag);
    return flag === undefined ? exitCode : 0;
  };
  const last = await withRenewedCredential(session, run, () => {});
  session.close();
  return [...flags, `ends with ${last}`];
}

test("a command at the terminal that the cluster refused is run again, once", async () => {
  expect(await tries(255, onCluster)).toEqual([undefined, "--run-program", "ends with 0"]);
});

test.each([
  ["that went well", 0, onCluster, refusal],
  ["that was ended by a signal", 137, onCluster, refusal],
  ["of a stack with nothing on a cluster", 255, [], refusal],
  ["that failed for another reason", 255, onCluster, "error: BucketNotEmpty"],
])("a command %s is not", async (_, exitCode, resources, said) => {
  expect(await tries(exitCode, resources, said)).toEqual([undefined, `ends with ${exitCode}`]);
});

test("a captured refresh takes a second try and says so; another failure is its answer", async () => {
  const told: string[] = [];
  const session = (stderr: string) => ({
    capture: async (args: readonly string[]) => ({ exitCode: args.includes("--run-program") ? 0 : 1, stdout: "", stderr }),
  });
  const say = (line: string) => void told.push(line);
  expect(await refreshed(session(refusal), ["refresh"], {}, say)).toMatchObject({ exitCode: 0 });
  expect(told.join()).toMatch(/--run-program.*PULUMI_K8S_DELETE_UNREACHABLE/);
  expect(await refreshed(session("error: throttled"), ["refresh"], {}, say)).toMatchObject({ exitCode: 1 });
  expect(told).toHaveLength(1);
});
