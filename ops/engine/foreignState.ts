/**
 * A state that another cloud made: one copied from a real backend into `.slipway`, or a simulated one at the team's backend.
 * The providers of the one find nothing of what the other made, and a refresh would take it all out of the state.
 */
import { relative } from "node:path";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import { type PackageName, packageNames, simulatedMark } from "../../sandbox/sandbox.ts";
import type { Project } from "../project/project.ts";
import { UserError } from "../userError.ts";
import { type Backend, isReal, stateFile } from "./backend.ts";

/** What is looked at of a resource in the state. */
interface Looked {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * Holds the providers in a state against those that would work on it: simulated ones have left their mark there.
 * @throws UserError with exit code 2 when they are not of one cloud
 */
export function refuseForeignState(resources: readonly Looked[], backend: Backend, project: Project, stack: string): void {
  const foreign = new Set<PackageName>();
  for (const { type, inputs } of resources) {
    const name = packageNames.find((known) => type === `pulumi:providers:${known}`);
    if (name !== undefined && (inputs?.[simulatedMark] !== undefined) === isReal(backend, name)) foreign.add(name);
  }
  if (foreign.size === 0) return;
  const names = [...foreign].sort().join(", ");
  const many = foreign.size > 1;
  if (backend.kind === "shared")
    throw new UserError(
      [
        `The state of ${stack} in ${backend.url} was made by the simulated cloud: ${names} in it ${many ? "are" : "is"} simulated.`,
        "Real providers would find nothing of it. Nothing was done. A stack at this backend begins without it, under another name, or after:",
        `  ${pulumiCommand(`stack rm ${stack} --force --preserve-config`)}`,
      ].join("\n"),
      2,
    );
  const file = backend.kind === "copy" ? stateFile(backend, project, stack) : relative(process.cwd(), stateFile(backend, project, stack));
  const folder = relative(process.cwd(), backend.folder);
  throw new UserError(
    [
      [...foreign].some((name) => isReal(backend, name))
        ? `The state of ${stack} in ${folder} was made by the simulated cloud: ${names} in it ${many ? "are" : "is"} simulated, and would be real now.`
        : `The state of ${stack} in ${folder} was not made by the simulated cloud: ${names} in it ${many ? "are real providers" : "is a real provider"} (or one simulated by an earlier version).`,
      "Other providers would find nothing of it, and a refresh would take it all out of the state. Nothing was done.",
      "  to work on the real resources:   export PULUMI_BACKEND_URL=<the backend that it is from>",
      `  to begin anew here:              rm ${file}`,
    ].join("\n"),
    2,
  );
}
