/** Projects to measure: copies of this one's program in a scratch folder, each with its own settings and its own cloud. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { findProject, type Project } from "../ops/project/project.ts";
import { commonJsImports, wholePackageImports } from "./imports.ts";

/** The stack of every measured project; its file is written by the measurement. */
export const stack = "production";

/** Slipway's program with Slipway's settings. */
export function slipwayProject(source: Project, folder: string): Project {
  copyProgram(source, folder);
  cpSync(join(source.folder, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return findProject(folder);
}

/** How a program names the resources it makes. */
export type ImportStyle = "class" | "package";

/**
 * The same program with Pulumi's default settings for Node.js, laid out as `pulumi new aws-typescript` does: `index.ts` in
 * the project's folder, CommonJS, no runtime options. Only imports differ from our files: relative ones lose their
 * extension, and with the style `package` resources come from `import * as aws from "@pulumi/aws"`, as in Pulumi's docs.
 */
export function defaultProject(source: Project, folder: string, imports: ImportStyle): Project {
  copyProgram(source, folder);
  for (const ours of ["index.ts", "engine/lightSdk.ts"]) rmSync(join(folder, "infra", ours));
  for (const file of programFiles(folder)) {
    const text = commonJsImports(readFileSync(file, "utf8"));
    writeFileSync(file, imports === "package" ? wholePackageImports(text) : text);
  }
  writeFileSync(join(folder, "index.ts"), 'import { program } from "./infra/program";\nexport = program;\n');
  const project = parseDocument(readFileSync(join(source.folder, "Pulumi.yaml"), "utf8"));
  project.set("runtime", "nodejs");
  project.delete("main");
  writeFileSync(join(folder, "Pulumi.yaml"), project.toString());
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(templateConfig));
  return findProject(folder);
}

/** A program that declares nothing, with Node.js as it is: what no setting can go below. */
export function bareProject(source: Project, folder: string): Project {
  copyProgram(source, folder);
  writeFileSync(join(folder, "infra", "index.ts"), "export default () => ({});\n");
  const project = parseDocument(readFileSync(join(source.folder, "Pulumi.yaml"), "utf8"));
  project.deleteIn(["runtime", "options", "nodeargs"]);
  writeFileSync(join(folder, "Pulumi.yaml"), project.toString());
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return findProject(folder);
}

/** Changes the program's text and nothing that it does, as an edit would. */
export function editProgram({ folder }: Project): void {
  appendFileSync(join(folder, "infra", "program.ts"), `// edited ${Date.now()}\n`);
}

/** All TypeScript files of a copied program. */
function programFiles(folder: string): string[] {
  return ["infra", "components"].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, part, file)),
  );
}

/**
 * `tsconfig.json` of the template, with the target that the program needs and the module kind that the SDK itself
 * chooses for a TypeScript of today: TypeScript 6 refuses the template's `moduleResolution: node`.
 */
const templateConfig = {
  compilerOptions: {
    strict: true,
    target: "es2024",
    module: "nodenext",
    moduleResolution: "nodenext",
    sourceMap: true,
    pretty: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    forceConsistentCasingInFileNames: true,
  },
};

function copyProgram(source: Project, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const part of ["infra", "components"]) {
    cpSync(join(source.folder, part), join(folder, part), { recursive: true });
    rmSync(join(folder, part, "package.json")); // the packages' manifests say what kind of module their files are
  }
  symlinkSync(join(source.folder, "node_modules"), join(folder, "node_modules"));
}
