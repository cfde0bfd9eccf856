/** The stack that a command works on: its project, its file, its config, and the backend that says which cloud it is in. */
import { existsSync } from "node:fs";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { PackageName } from "../../sandbox/sandbox.ts";
import { resolvedConfig } from "../config/show.ts";
import { type Backend, backendOf, cloudName, sandboxOf, stateFile } from "../engine/backend.ts";
import { UserError } from "../userError.ts";
import { findProject, ownStackName, type Project, stackFilePath } from "./project.ts";

/** Flags that name a stack. */
export interface StackFlags {
  readonly stack?: string;
  /** Providers whose real plugins are used on a state in `.slipway`, for tests. @default none */
  readonly real?: readonly PackageName[];
}

/** A stack of the project in the current folder. @template Config what is known of its config */
export interface NamedStack<Config = StackConfig> {
  readonly project: Project;
  readonly name: string;
  /** The stack's file in the project. */
  readonly file: string;
  readonly config: Config;
  readonly backend: Backend;
}

/**
 * The stack that flags name.
 * @param backend where it is @default what the environment says
 * @throws UserError when there is none, ConfigError with every problem of its file
 */
export function namedStack({ stack, real }: StackFlags, backend?: Backend): NamedStack {
  return stackIn(findProject(), stack, resolvedConfig, (project) => backend ?? backendOf(project, real));
}

/**
 * The stack that an operator's command is about: one that there is.
 * @throws UserError when no backend is named and the simulated cloud has no such stack: somebody means the real one
 */
export function operatedStack(flags: StackFlags): NamedStack {
  const stack = namedStack(flags);
  const { backend, project, name } = stack;
  if (backend.kind !== "sandbox" || existsSync(stateFile(backend, project, name))) return stack;
  throw new UserError(
    [
      `${name} is not in ${cloudOf(stack)}, and no backend is named. Nothing was asked.`,
      "  for the real account:      export PULUMI_BACKEND_URL=<the backend that the stack is in>, and the same command",
      `  to rehearse it here:       slipway up ${stackWords(flags)}, and the same command`,
    ].join("\n"),
    2,
  );
}

/** The stack in `.slipway`, whatever the environment says: for rehearsals. */
export function sandboxStack(stack: string | undefined): NamedStack {
  return stackIn(findProject(), stack, resolvedConfig, sandboxOf);
}

/** A stack whose config is read in another way, or which is in another backend than the environment says. */
export function stackIn<Config>(
  project: Project,
  given: string | undefined,
  read: (file: string) => Config,
  backend: (project: Project) => Backend,
): NamedStack<Config> {
  const file = stackFilePath(project, given);
  return { project, name: ownStackName(project, given ?? ""), file, config: read(file), backend: backend(project) };
}

/** The words of a command that name the same stack again, for messages: `--stack staging`. */
export function stackWords({ stack, real = [] }: StackFlags): string {
  return [`--stack ${stack}`, ...real.map((name) => `--real ${name}`)].join(" ");
}

/** The cloud that a message about a stack speaks of: `AWS account 123456789012`, `the simulated cloud in .slipway`. */
export function cloudOf({ backend, config }: NamedStack<Pick<StackConfig, "aws">>): string {
  return cloudName(backend, config.aws.accountId);
}
