/** The one engine run that a review is made from. */
import { createHash } from "node:crypto";
import { readStackFile } from "../../infra/config/stackFile.ts";
import { presentEngine } from "../../sandbox/engine/engine.ts";
import { capturedCommand, type EngineCommandOptions, openSession } from "../engine/commands.ts";
import type { EngineResult } from "../engine/session.ts";
import { readState, type State } from "../engine/state.ts";
import { findProject, stackFilePath } from "../project/project.ts";
import { namedStack } from "../project/stack.ts";
import type { PlannedChange } from "./changeSet.ts";
import { namesOf } from "./drawnNames.ts";
import type { Json, JsonObject } from "./propertyValue.ts";
import { type PreviewOutput, reviewPreview, type StackReview } from "./stackReview.ts";
import { linesSince } from "./targetBranch.ts";

/**
 * Previews a stack and reviews the result. A preview that fails, whatever the reason, is a review that says so.
 * @param approved change set that the preview will be held against. @default none
 */
export async function reviewStack(options: EngineCommandOptions, approved: readonly PlannedChange[] = []): Promise<StackReview> {
  const project = findProject();
  const result = await previewed(options, ["--json", "--show-replacement-steps"]);
  const secretsUnread = options.backend?.kind === "copy";
  const needed = !secretsUnread && result.exitCode === 0;
  // Without need a state that cannot be read costs the graph alone: the preview has said why.
  const state = needed ? await stateOf(options) : await stateOf(options).catch(() => undefined);
  const known = needed && state !== undefined ? stateKnows(state, approved) : {};
  const engine = await presentEngine().then(
    ({ version }) => version,
    () => "",
  );
  const lines = await linesSince(stackFilePath(project, options.stack));
  const at = new Date().toISOString();
  return reviewPreview({
    project: project.name,
    stack: options.stack ?? "",
    ...result,
    ...configIn(stackFilePath(project, options.stack)),
    ...(state === undefined ? {} : { resources: state.resources }),
    ...(lines === undefined ? {} : { lines }),
    engine,
    at,
    secretsUnread,
    ...known,
  });
}

/** The config that the program ran with; nothing of a file that cannot be read, as the preview has said why. */
function configIn(file: string): Pick<PreviewOutput, "config"> {
  try {
    return { config: readStackFile(file).raw as JsonObject };
  } catch {
    return {};
  }
}

async function previewed(options: EngineCommandOptions, flags: readonly string[]): Promise<EngineResult> {
  try {
    return await capturedCommand("preview", options, flags);
  } catch (error) {
    return { exitCode: 1, stdout: "", stderr: error instanceof Error ? error.message : String(error) };
  }
}

async function stateOf({ backend, ...named }: EngineCommandOptions): Promise<State> {
  const session = openSession(namedStack(named, backend));
  try {
    return await readState(session);
  } finally {
    session.close();
  }
}

/**
 * What only readers of the state know: a key for masked values, made of the secrets as they are encrypted there, and names that
 * were drawn for what the approved change set creates and the state has by now. Pure.
 */
export function stateKnows(
  { resources }: Pick<State, "resources">,
  approved: readonly PlannedChange[],
): Pick<PreviewOutput, "maskKey" | "made"> {
  const sealed = [...JSON.stringify(resources).matchAll(/"ciphertext":"([^"]+)"/g)].map(([, text]) => text);
  const creates = new Set(approved.flatMap(({ op, urn }) => (op === "create" ? [urn] : [])));
  return {
    maskKey: sealed.length === 0 ? "" : createHash("sha256").update(sealed.sort().join("\n")).digest("hex"),
    made: resources.flatMap(({ urn, inputs = {} }) => (creates.has(urn) ? namesOf(urn, inputs as Json) : [])),
  };
}
