/** Reviews of changes that are written down as the engine would print them. */
import { plainText } from "../../ops/review/phrase.ts";
import { type PreviewOutput, reviewPreview, type StackReview, tellers } from "../../ops/review/stackReview.ts";

/** One step of a preview. */
export interface CraftedStep {
  /** @default update */
  readonly op?: string;
  /** @default a queue */
  readonly type?: string;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
  /** The engine's own protection before and after. */
  readonly protect?: readonly [boolean, boolean];
  /** What else the engine says of the step. */
  readonly more?: Record<string, unknown>;
}

/** The review of steps by name of their resource. @param more what else the digest has @param output what else the engine answered @param asked who tells */
export function reviewOf(
  steps: Readonly<Record<string, CraftedStep>>,
  more: Record<string, unknown> = {},
  output: Partial<PreviewOutput> = {},
  asked = tellers,
): StackReview {
  const digest = {
    steps: Object.entries(steps).map(
      ([name, { op = "update", type = "aws:sqs/queue:Queue", before = {}, after = {}, protect = [false, false], more: step = {} }]) => ({
        op,
        urn: `urn:pulumi:production::slipway::${type}::${name}`,
        ...(op === "create" ? {} : { oldState: { type, custom: true, inputs: before, protect: protect[0] } }),
        ...(op === "delete" ? {} : { newState: { type, custom: true, inputs: after, protect: protect[1] } }),
        detailedDiff: null,
        ...step,
      }),
    ),
    ...more,
  };
  const stdout = `note {x}\n${JSON.stringify(digest)}`;
  return reviewPreview({ project: "slipway", stack: "production", exitCode: 0, stdout, stderr: "", ...output }, asked);
}

/** Class, headline and detail of each line, in the review's order. */
export function linesOf({ stories }: StackReview): string[] {
  return stories.map(({ risk, headline, detail }) =>
    [risk, plainText(headline), ...(detail === undefined ? [] : [`(${plainText(detail)})`])].join(" "),
  );
}
