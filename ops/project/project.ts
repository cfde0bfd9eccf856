/** The Pulumi project that a command works on: its folder, its stack files, what its `Pulumi.yaml` asks of the runtime. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { distance } from "fastest-levenshtein";
import { showValue } from "../../components/contract/rule.ts";
import { baseNames } from "../../infra/config/baseFiles.ts";
import { textIn } from "../../infra/config/textFile.ts";
import { isRecord, readYaml } from "../../infra/config/yamlFile.ts";
import { UserError } from "../userError.ts";

/** A folder with a `Pulumi.yaml`. */
export interface Project {
  /** Folder with `Pulumi.yaml`. */
  readonly folder: string;
  /** Project name, the first part of every config key. */
  readonly name: string;
  /** `runtime.options` of `Pulumi.yaml`. */
  readonly runtimeOptions: Readonly<Record<string, unknown>>;
  /** `backend.url` of `Pulumi.yaml`; undefined where it names none. */
  readonly backendUrl?: string;
}

/** Finds the project of a folder: the nearest `Pulumi.yaml` upwards. @throws UserError when there is none */
export function findProject(from = process.cwd()): Project {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, "Pulumi.yaml");
    if (existsSync(file)) {
      const content = contentOf(file);
      const url = content.backend?.url;
      return {
        folder,
        name: content.name ?? "",
        runtimeOptions: content.runtime?.options ?? {},
        ...(url === undefined || url === "" ? {} : { backendUrl: url }),
      };
    }
    if (dirname(folder) === folder)
      throw new UserError(`No Pulumi.yaml in ${from} or any folder above it. Go to a folder of the project and run the command there.`, 2);
  }
}

interface ProjectFile {
  readonly name?: string;
  readonly runtime?: { readonly options?: Record<string, unknown> };
  readonly backend?: { readonly url?: string };
}

function contentOf(file: string): ProjectFile {
  const { content, errors } = readYaml(textIn(file));
  const [error] = errors;
  if (error !== undefined) throw new UserError(`${file} cannot be read: ${error.message} at line ${error.line}`, 2);
  if (!isRecord(content)) throw new UserError(`${file} cannot be read: it holds no keys`, 2);
  const { name, runtime, backend } = content;
  const parts = [
    ["name", name, isText, "text, such as name: shop"],
    ["runtime.options", isRecord(runtime) ? runtime.options : undefined, isRecord, "a map, such as typescript: true"],
    ["backend.url", isRecord(backend) ? backend.url : undefined, isText, "text, such as url: s3://<bucket>?region=<region>"],
  ] as const;
  const wrong = parts.filter(([, value, fits]) => value !== undefined && value !== null && !fits(value));
  if (wrong.length === 0) return content;
  const lines = wrong.map(([path, value, , allowed]) => `  ${path} is ${showValue(value)}\n    allowed: ${allowed}`);
  throw new UserError([`${file} cannot be used:`, ...lines].join("\n"), 2);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** Names of the project's stacks: those with a `Pulumi.<stack>.yaml`. */
export function stackNames({ folder }: Project): string[] {
  return readdirSync(folder)
    .flatMap((file) => file.match(/^Pulumi\.(.+)\.yaml$/)?.[1] ?? [])
    .sort();
}

/** Names of the files in the project's folder that its config is read from: its own, those of its stacks, and their bases. */
export function configFiles(project: Project): string[] {
  const stackFiles = stackNames(project).map((stack) => `Pulumi.${stack}.yaml`);
  const bases = stackFiles.flatMap((file) => baseNames(textIn(join(project.folder, file))));
  return ["Pulumi.yaml", ...stackFiles, ...new Set(bases.filter((base) => existsSync(join(project.folder, base))))];
}

/**
 * A stack's own name, from one that may be qualified as the engine takes it where states are files: `organization/<stack>`,
 * `organization/<project>/<stack>`. @throws UserError for another organization or project
 */
export function ownStackName(project: Project, given: string): string {
  const parts = given.split("/");
  const [organization, of, name = ""] = parts.length === 2 ? [parts[0], project.name, parts[1]] : parts;
  if (parts.length === 1 || parts.length > 3) return given;
  if (organization !== "organization")
    throw new UserError(`${organization} is no organization that Slipway knows: leave it out. Give --stack ${name}.`, 2);
  if (of === project.name) return name;
  throw new UserError(`${of} is another project than ${project.name}, which this folder has. Give --stack ${name}.`, 2);
}

/** Path of a stack's file. @throws UserError naming the stacks there are */
export function stackFilePath(project: Project, given: string | undefined): string {
  const names = stackNames(project);
  const stack = given === undefined ? undefined : ownStackName(project, given);
  if (stack === undefined) throw new UserError(`Which stack? Give --stack ${names.join(" or --stack ")}.`, 2);
  if (names.includes(stack)) return join(project.folder, `Pulumi.${stack}.yaml`);
  const near = names.find((name) => distance(name, stack) <= 2);
  const where = relative(process.cwd(), project.folder) || ".";
  throw new UserError(
    `There is no stack ${stack}: ${where} has ${names.map((name) => `Pulumi.${name}.yaml`).join(", ") || "no stack file"}.${near === undefined ? "" : ` Did you mean --stack ${near}?`}`,
    2,
  );
}
