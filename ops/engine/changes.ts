/** What the engine says an update would change or has changed, from what `pulumi preview --json` and `pulumi up --json` print. */
import { resourceName } from "../../infra/config/resourceName.ts";
import { UserError } from "../userError.ts";
import type { EngineResult } from "./session.ts";

/** One resource that would change. */
export interface ResourceChange {
  /** The engine's own word: create, update, replace, delete and others. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Paths of the properties that differ, with list indices. */
  readonly paths: readonly string[];
}

/** What an update would change, and how much it would leave alone. */
export interface ChangeSet {
  readonly changes: readonly ResourceChange[];
  /** Resources that stay as they are. */
  readonly unchanged: number;
  /** All resources that the stack has after the update. */
  readonly total: number;
}

interface DigestState {
  readonly type: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface Digest {
  readonly steps?: readonly {
    readonly op: string;
    readonly urn: string;
    readonly newState?: DigestState;
    readonly oldState?: DigestState;
    readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
    readonly diffReasons?: readonly string[];
  }[];
  readonly changeSummary?: Readonly<Record<string, number>>;
  readonly diagnostics?: readonly { readonly severity: string; readonly message: string }[];
}

/**
 * Reads the output of `pulumi preview --json`.
 * @throws UserError with the engine's own diagnostics when the preview failed
 */
export function changesOf(result: EngineResult): ChangeSet {
  const digest = digestIn(result.stdout);
  if (result.exitCode !== 0 || digest === undefined) {
    const errors = (digest?.diagnostics ?? []).filter(({ severity }) => severity === "error").map(({ message }) => message);
    throw new UserError(`The engine failed:\n${errors.length > 0 ? errors.join("\n") : `${result.stdout}\n${result.stderr}`}`);
  }
  const changes = (digest.steps ?? [])
    .filter(({ op }) => op !== "same" && op !== "refresh") // reading what is live is no change
    .map(({ op, urn, newState, oldState, detailedDiff, diffReasons }) => ({
      op,
      urn,
      type: newState?.type ?? oldState?.type ?? "",
      name: resourceName(urn),
      paths: Object.keys(detailedDiff ?? {}).length > 0 ? Object.keys(detailedDiff ?? {}) : (diffReasons ?? []),
    }));
  return { changes, ...countsOf(digest.changeSummary) };
}

/** Resources by what becomes of them: what is deleted is no part of the stack any more. */
function countsOf(summary: Readonly<Record<string, number>> = {}): Pick<ChangeSet, "unchanged" | "total"> {
  const { same = 0, delete: _deleted, ...changed } = summary;
  return { unchanged: same, total: same + Object.values(changed).reduce((sum, count) => sum + count, 0) };
}

interface EngineEvent {
  readonly resourcePreEvent?: {
    readonly metadata: {
      readonly op: string;
      readonly urn: string;
      readonly type: string;
      readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
      readonly diffs?: readonly string[] | null;
    };
  };
  readonly summaryEvent?: { readonly resourceChanges: Readonly<Record<string, number>> };
}

/** Reads the events of `pulumi up --json`: what an update that succeeded has changed. */
export function appliedChanges(stdout: string): ChangeSet {
  const events = stdout
    .split("\n")
    .flatMap((line) => (/"(resourcePreEvent|summaryEvent)"/.test(line) ? [JSON.parse(line) as EngineEvent] : []));
  const changes = events.flatMap(({ resourcePreEvent: event }) => {
    if (event === undefined || event.metadata.op === "same") return [];
    const { op, urn, type, detailedDiff, diffs } = event.metadata;
    const paths = Object.keys(detailedDiff ?? {});
    return [{ op, urn, type, name: resourceName(urn), paths: paths.length > 0 ? paths : (diffs ?? []) }];
  });
  const summary = events.find(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent;
  return { changes, ...countsOf(summary?.resourceChanges) };
}

/** The digest starts at the first brace: the engine may print notes before it. */
function digestIn(output: string): Digest | undefined {
  const start = output.indexOf("{");
  if (start < 0) return undefined;
  try {
    return JSON.parse(output.slice(start)) as Digest;
  } catch {
    return undefined;
  }
}

/** `actions[0].forward.targetGroups[*].weight` for the paths of both target groups. */
export function summarisePaths(paths: readonly string[]): string {
  return [...new Set(paths.map((path) => path.replace(/\[\d+\](?=\.weight$)/, "[*]")))].join(", ");
}
