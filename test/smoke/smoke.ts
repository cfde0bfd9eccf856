/**
 * `npm run smoke -- oldest|newest`: a small stack from its preview to its end on one end of the engines that Slipway supports, built
 * from source. Ends with one line: how many checks passed, how many failed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { changesOf } from "../../ops/engine/changes.ts";
import { engineProgress } from "../../ops/engine/progress.ts";
import { builtEngine } from "../../sandbox/engine/engine.ts";
import { type SourceEngine, sourceEngines } from "../../sandbox/engine/versions.ts";
import { Checks, expect, Stopped } from "../acceptance/checks.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const root = join(import.meta.dirname, "..", "..");
/** Printed by the program's hook: see program.ts. */
const hooked = "smoke: about to make the cluster";

async function smoke(which: SourceEngine, checks: Checks, stack: StackUnderTest): Promise<void> {
  const version = sourceEngines[which];
  let path = process.env.PATH ?? "";
  const slipway = async (...args: string[]) => {
    const command = [join(root, "ops", "slipway.js"), ...args];
    const { exitCode = -1, ...output } = await execa(process.execPath, command, { cwd: stack.folder, env: { PATH: path }, reject: false });
    return { exitCode, stdout: output.stdout, stderr: output.stderr };
  };
  const done = async (...args: string[]) => {
    const result = await slipway(...args, "--stack", stack.stack, "--non-interactive");
    expect(result.exitCode === 0, `${args.join(" ")} ended with ${result.exitCode}:\n${result.stdout}\n${result.stderr}`);
    return result.stdout;
  };
  const preview = async () => changesOf(await slipway("preview", "--stack", stack.stack, "--json", "--non-interactive"));
  const update = () => done("up", "--yes", "--skip-preview");

  await checks.required(`the engine is ${version}`, async () => {
    const { folder } = await builtEngine(which, engineProgress());
    path = [folder, path].join(delimiter);
    const said = await slipway("pulumi", "--stack", stack.stack, "version");
    expect(said.stdout.trim() === version, `slipway runs ${said.stdout}${said.stderr}`);
    return folder;
  });
  await checks.required("a preview makes everything and changes nothing", async () => {
    const { changes, total } = await preview();
    expect(total > 0 && changes.every(({ op }) => op === "create"), `${changes.length} changes of ${total} resources`);
    expect(stack.live().length === 0, "the preview made something");
    return `${total} resources`;
  });
  await checks.required("an update makes it, and this engine writes the state", async () => {
    stack.push();
    stack.setSecrets();
    const printed = await update();
    expect(printed.includes(hooked), "the program's hook was not called before the cluster was made");
    const wrote = stateVersion(stack.folder);
    expect(wrote === version, `the state is by ${wrote}`);
    return `${stack.live().length} objects`;
  });
  await checks.check("a transform of the program's own reaches its resource", async () => {
    const tags = stack.live("aws:ecs/cluster:Cluster").map(({ properties }) => JSON.stringify(properties.tags));
    expect(tags.length === 1 && tags[0]!.includes('"Smoke":"transformed"'), `tags of the clusters: ${tags.join(" ")}`);
    return "";
  });
  await checks.check("a canary step changes one property of one resource, and moves the weight", async () => {
    stack.set({ "services.api.release.candidateWeight": 5 });
    const { changes } = await preview();
    expect(changes.length === 1 && changes[0]!.op === "update", JSON.stringify(changes));
    await update();
    const weights = stack.liveWeights("api").join("/");
    expect(weights === "95/5", `the weights are ${weights}`);
    return changes[0]!.name;
  });
  await checks.check("destroy leaves nothing", async () => {
    await done("destroy", "--yes", "--skip-preview");
    const left = stack.live();
    expect(left.length === 0, left.map(({ type, id }) => `${type} ${id}`).join("\n"));
    return "";
  });
}

/** Version of the engine that wrote a stack's state last. */
function stateVersion(folder: string): string {
  const { name } = parseDocument(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toJS() as { readonly name: string };
  const file = join(folder, ".slipway", "state", ".pulumi", "stacks", name, "staging.json");
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    readonly checkpoint: { readonly latest: { readonly manifest: { readonly version: string } } };
  };
  return state.checkpoint.latest.manifest.version;
}

function ownProgram(folder: string): void {
  const file = join(folder, "Pulumi.yaml");
  const project = parseDocument(readFileSync(file, "utf8"));
  project.set("main", join(import.meta.dirname, "program.ts"));
  writeFileSync(file, project.toString());
}

const which = process.argv[2];
if (which !== "oldest" && which !== "newest") {
  console.error(
    `smoke: name the engine: ${Object.entries(sourceEngines)
      .map(([name, version]) => `${name} (${version})`)
      .join(" or ")}`,
  );
  process.exit(2);
}
const checks = new Checks();
const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
ownProgram(stack.folder);
try {
  await smoke(which, checks, stack);
} catch (error) {
  if (!(error instanceof Stopped)) throw error;
  console.log(`stopped  ${error.message}`);
} finally {
  stack.remove();
}
console.log(checks.summary());
process.exitCode = checks.failed === 0 ? 0 : 1;
