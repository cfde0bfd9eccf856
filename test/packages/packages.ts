/**
 * `npm run packages`: packs each package as it is published, installs it into a project of somebody else, and uses it there: three
 * programs on Pulumi's default runtime with the components alone, the program with a stack file, the command line. Ends with one line:
 * how many checks passed, how many failed.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { sandboxOf } from "../../ops/engine/backend.ts";
import { type ChangeSet, changesOf } from "../../ops/engine/changes.ts";
import { engineProgress } from "../../ops/engine/progress.ts";
import { Session } from "../../ops/engine/session.ts";
import { findProject } from "../../ops/project/project.ts";
import { packages, root } from "../../tools/packages/packages.ts";
import { Checks, expect, Stopped } from "../acceptance/checks.ts";
import { processorSeconds } from "../harness/processorTime.ts";
import { ForeignProject, type Packed } from "./foreignProject.ts";

/** Account of the programs; the simulated credentials belong to it. */
const account = "123456789012";
const programs = ["service", "webAcl", "database"];

/** What has to be in the archives besides what every build has: read as it is, or for people. */
const expected: Readonly<Record<string, readonly string[]>> = {
  "@slipway/components": ["dist/esm/rollback/function/index.mjs", "dist/cjs/rollback/function/index.mjs", "dist/cjs/componentFile.cjs"],
  "@slipway/program": ["dist/esm/config/stack.schema.json", "dist/cjs/index.js"],
  slipway: ["dist/esm/ops/slipway.js", "dist/esm/sandbox/facts/aws/ec2.json", "dist/esm/sandbox/functions/host.mjs"],
};

async function run(checks: Checks, archives: string, project: ForeignProject): Promise<void> {
  let packed: readonly Packed[] = [];
  const named = (name: string) => packed.filter((each) => each.name === name);
  await checks.required("each package is packed, with its licence, its README and the files that are read as they are", async () => {
    packed = await pack(archives);
    const missing = packed.flatMap(({ name, files }) =>
      ["LICENSE", "README.md", "package.json", ...(expected[name] ?? [])]
        .filter((file) => !files.includes(file))
        .map((file) => `${name}: ${file}`),
    );
    expect(packed.length === packages.length, `packed: ${packed.map(({ name }) => name).join(", ")}`);
    expect(missing.length === 0, `not in the archive:\n${missing.join("\n")}`);
    return packed.map(({ name, files }) => `${name} ${files.length} files`).join(", ");
  });
  await checks.required("the components install alone, beside the oldest peers that they support", async () => {
    await project.install(named("@slipway/components"));
    return Object.entries(peersOf("components"))
      .map(([name, range]) => `${name} ${range}`)
      .join(", ");
  });
  const folders = programs.map((name) => project.addProgram(name, join(import.meta.dirname, "programs", name)));
  await checks.check("ES modules and CommonJS hand out the same", async () => {
    const show = "console.log(Object.keys(face).sort().join(' '))";
    const [esm, cjs] = await Promise.all([
      project.run("node", ["--input-type=module", "-e", `const face = await import("@slipway/components"); ${show}`]),
      project.run("node", ["--input-type=commonjs", "-e", `const face = require("@slipway/components"); ${show}`]),
    ]);
    const names = esm.stdout.trim().split(" ");
    expect(esm.exitCode === 0 && names.includes("FargateService"), esm.stderr || esm.stdout);
    expect(esm.stdout === cjs.stdout, `ES modules: ${esm.stdout}\nCommonJS: ${cjs.stdout}${cjs.stderr}`);
    return `${names.length} names`;
  });
  // All types that the programs use are checked once: two checkers would find the same, and the older one is slow.
  for (const [what, compiler, flags] of [
    [
      "clean under strict by the template's TypeScript",
      project.folder,
      ["--module", "commonjs", "--moduleResolution", "node", "--skipLibCheck"],
    ],
    ["clean with all types that they use under strict by TypeScript of today", root, ["--module", "nodenext"]],
  ] as const)
    await checks.check(`the programs are ${what}`, async () => {
      const files = folders.map((folder) => join(folder, "index.ts"));
      const args = ["--noEmit", "--strict", "--target", "es2022", ...flags, ...files];
      const { exitCode, stdout } = await project.run(join(compiler, "node_modules/.bin/tsc"), args);
      expect(exitCode === 0, stdout);
      return `${files.length} programs`;
    });
  for (const [index, folder] of folders.entries())
    await checks.check(
      `a preview of ${programs[index]} on Pulumi's default runtime makes everything, without any config of Slipway`,
      async () => {
        const { changes, total } = await preview(folder);
        expect(total > 5 && changes.every(({ op }) => op === "create"), `${changes.length} changes of ${total} resources`);
        expect(
          changes.some(({ type }) => type.startsWith("slipway:")),
          "no component of Slipway is among them",
        );
        return `${total} resources`;
      },
    );
  await checks.required("the program and the command line install beside them", async () => {
    await project.install(packed);
    return "";
  });
  const system = project.addFiles("system", systemFiles());
  const slipway = (...args: string[]) => project.run("npx", ["--no", "slipway", ...args], system);
  await checks.check("slipway config show tells a stack file with its base", async () => {
    const { exitCode, stdout, stderr } = await slipway("config", "show", "staging");
    expect(exitCode === 0 && stdout.includes("base.yaml"), `ended with ${exitCode}:\n${stdout}\n${stderr}`);
    return `${stdout.trim().split("\n").length} lines`;
  });
  await checks.check("slipway preview runs the packed program on the packed simulated cloud", async () => {
    const { changes, total } = changesOf(await slipway("preview", "--stack", "staging", "--json", "--non-interactive"));
    expect(total > 50 && changes.every(({ op }) => op === "create"), `${changes.length} changes of ${total} resources`);
    return `${total} resources`;
  });
  await checks.check("the program loads as CommonJS too", async () => {
    const { exitCode, stdout, stderr } = await project.run("node", [
      "-e",
      'console.log(typeof require("@slipway/program/program").program)',
    ]);
    expect(exitCode === 0 && stdout.trim() === "function", stdout + stderr);
    return "";
  });
}

/** Packs every package as `npm publish` does. */
async function pack(archives: string): Promise<Packed[]> {
  const { stdout } = await execa("npm", ["pack", "--workspaces", "--json", "--pack-destination", archives], { cwd: root });
  const told = JSON.parse(stdout.slice(stdout.search(/^[[{]$/m))) as readonly {
    readonly name: string;
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  return Object.values(told).map(({ name, filename, files }) => ({
    name,
    file: join(archives, filename),
    files: files.map(({ path }) => path),
  }));
}

function peersOf(workspace: string): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(root, workspace, "package.json"), "utf8")) as { peerDependencies: Record<string, string> };
  return manifest.peerDependencies;
}

/** What the engine would make of a program, on the simulated cloud of this repository. */
async function preview(folder: string): Promise<ChangeSet> {
  const project = findProject(folder);
  const stackFile = join(folder, "Pulumi.dev.yaml");
  const session = new Session({ project, stack: "dev", stackFile, account, backend: sandboxOf(project), progress: engineProgress() });
  try {
    return changesOf(await session.capture(["preview", "--json"]));
  } finally {
    session.close();
  }
}

/** A project that runs Slipway's program: the config of an example, and an index of two lines. */
function systemFiles(): Record<string, string> {
  const example = join(root, "examples", "smartduka");
  const config = ["base.yaml", "Pulumi.staging.yaml"].map((file) => [file, readFileSync(join(example, file), "utf8")] as const);
  const project = { name: "smartduka", runtime: { name: "nodejs", options: { typescript: false } }, main: "index.js" };
  return {
    ...Object.fromEntries(config),
    "Pulumi.yaml": stringify(project),
    "index.js": 'export { default } from "@slipway/program";\n',
  };
}

const checks = new Checks();
const archives = mkdtempSync(join(tmpdir(), "slipway-packages-"));
const project = new ForeignProject(peersOf("components"));
try {
  await run(checks, archives, project);
} catch (error) {
  if (!(error instanceof Stopped)) throw error;
  console.log(`stopped  ${error.message}`);
} finally {
  project.remove();
  rmSync(archives, { recursive: true, force: true });
}
console.log(`processor time ${processorSeconds().toFixed(0)} s`);
console.log(checks.summary());
process.exitCode = checks.failed === 0 ? 0 : 1;
