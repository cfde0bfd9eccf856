/** A project of somebody else, in an empty folder: it has what it installed, and nothing of this repository. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { minVersion } from "semver";
import { stringify } from "yaml";

/** What a packed package says of itself. */
export interface Packed {
  readonly name: string;
  /** The archive. */
  readonly file: string;
  /** Paths in it. */
  readonly files: readonly string[];
}

/** How a command ended. */
interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `tsconfig.json` of Pulumi's template `aws-typescript`. */
const templateConfig = {
  compilerOptions: {
    strict: true,
    outDir: "bin",
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    pretty: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    forceConsistentCasingInFileNames: true,
  },
};

/** TypeScript as the template asks for it; its types of Node.js. */
const templateDependencies = { typescript: "5.9.3", "@types/node": "24.19.2" };

/** A folder with a `package.json`, into which packages are installed as anybody installs them. */
export class ForeignProject {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-foreign-"));

  /** @param peers ranges of what the packages want beside them: the oldest version of each is installed */
  constructor(peers: Readonly<Record<string, string>>) {
    const oldest = Object.entries(peers).map(([name, range]) => [name, minVersion(range)?.version ?? range]);
    const dependencies = { ...Object.fromEntries(oldest), ...templateDependencies };
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: "foreign", private: true, type: "module", dependencies }));
  }

  /** Installs packed packages and what they need, from npm's cache where it has it. @throws Error with what npm says */
  async install(packed: readonly Packed[]): Promise<void> {
    const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const { exitCode, stderr } = await this.run("npm", ["install", ...flags, ...packed.map(({ file }) => file)]);
    if (exitCode !== 0) throw new Error(`npm install ended with ${exitCode}:\n${stderr}`);
  }

  /** Adds a Pulumi project with Pulumi's default runtime. @param source folder with its `index.ts` @returns its folder */
  addProgram(name: string, source: string): string {
    const folder = join(this.folder, name);
    cpSync(source, folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true })); // CommonJS, as the template has it
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name, runtime: "nodejs" }));
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...templateConfig, files: ["index.ts"] }));
    return folder;
  }

  /** Adds files to a folder of the project. @returns the folder */
  addFiles(name: string, files: Readonly<Record<string, string>>): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    return folder;
  }

  /** Runs a command in the project. Never throws for one that fails. @param within a folder of it. @default its top */
  async run(command: string, args: readonly string[], within = this.folder): Promise<Ended> {
    const { exitCode = -1, stdout, stderr } = await execa(command, args, { cwd: within, reject: false, stdin: "ignore" });
    return { exitCode, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
