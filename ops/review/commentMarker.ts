/** The hidden first line by which a comment is found again, and which says what it is about. */
import { z } from "zod";

const marker = z.strictObject({
  project: z.string(),
  commit: z.string(),
  /** Number of the pipeline run that wrote it. */
  run: z.number(),
  /** First characters of each change set's hash, by stack. */
  stacks: z.record(z.string(), z.string()),
  /** What each change set does, `marksOf`, one after the other, by stack; none of a stack with too many. */
  marks: z.record(z.string(), z.string()).optional(),
});

/** What a comment says of itself. */
export type CommentMarker = z.infer<typeof marker>;

const start = "<!-- slipway:review ";
const end = " -->";

/** The line. No value in it can end the HTML comment. */
export function markerText(value: CommentMarker): string {
  return `${start}${JSON.stringify(value).replaceAll("-", "\\u002d").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e")}${end}`;
}

/** The marker of a comment, or undefined: a quoted one, further down, does not count. */
export function readMarker(body: string): CommentMarker | undefined {
  const [line = ""] = body.split("\n");
  if (!line.startsWith(start) || !line.trimEnd().endsWith(end)) return undefined;
  try {
    return marker.safeParse(JSON.parse(line.trimEnd().slice(start.length, -end.length))).data;
  } catch {
    return undefined;
  }
}
