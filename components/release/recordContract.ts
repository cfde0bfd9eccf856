/**
 * The release record as it is kept: one item a service and region, in the stack's table. Readers take it apart with this; what changes
 * it is in `record.ts`, which loads no zod, so that the rollback function can carry it.
 */
import { colours } from "../colours.ts";
import { range, text } from "../contract/fields.ts";
import type { Immutable } from "../contract/immutable.ts";
import { z } from "../contract/zod.ts";
import { imageDigest, trafficShare } from "./contract.ts";

/** Form of the record. One that this program does not know is not written over. */
export const recordFormat = 1;

const instant = z.iso.datetime().describe("ISO 8601, UTC");
const person = text(1, 2048, "ARN or name of who did it");
const count = (description: string) => range(0, 5000, description);
const shares = z.strictObject({ blue: trafficShare("share of blue, percent"), green: trafficShare("share of green, percent") });

/** Why a colour has its share: what `mayHaveShare` answered, or `found` for a share that nobody had written down. */
const basis = z.enum(["less", "step", "wayBack", "word", "found"]);

const wordFields = { by: person, reason: text(1, 1000, "why, in a person's words"), at: instant };

const entryFields = {
  digest: imageDigest,
  colour: z.enum(colours).describe("colour that it was deployed in"),
  share: trafficShare("its share of traffic, percent, as the load balancer was read back"),
  since: instant.describe("when the share became what it is; when it was deployed, where it never had one. ISO 8601, UTC"),
  by: person,
  basis: basis.optional().describe("why it has this share; missing while it never had traffic"),
  state: z
    .enum(["running", "finished", "failed", "rolledBack"])
    .describe("running: not proven yet; finished: all steps baked; failed: its verdict; rolledBack: its traffic was taken away"),
  tasks: z.looseObject({ wanted: count("tasks that the deployment was told to run"), running: count("tasks that ran when last read") }),
  revision: z.looseObject({
    wanted: text(0, 2048, "task definition or pod template that was asked for"),
    running: text(0, 2048, "the one whose tasks ran when last read; empty when none did"),
  }),
  word: z.looseObject(wordFields).optional().describe("a person's word that it may have traffic again"),
};

const intentFields = {
  weights: shares.describe("what is about to be written to the load balancer"),
  basis,
  by: person,
  since: instant,
  reason: text(1, 1000, "why, where it took a person's word").optional(),
};

const recordFields = {
  format: z.literal(recordFormat),
  version: range(0, Number.MAX_SAFE_INTEGER, "writes so far; the next one asks that it is still this"),
  service: text(1, 64, "service, as config names it"),
  region: text(1, 64, "AWS region"),
  live: z.enum(colours).describe("colour that config calls live"),
  wayBack: z.enum(colours).describe("colour that a rollback gives everything to: the live one, or after a swap of labels the one before"),
  runs: z.looseObject({ blue: imageDigest.optional(), green: imageDigest.optional() }).describe("digest deployed in each colour"),
};

/** The item. Keys that a later version of Slipway added are kept. */
export const releaseRecord = z
  .looseObject({
    ...recordFields,
    digests: z.array(z.looseObject(entryFields)).describe("the last 20, oldest first; more while a colour or a way back needs them"),
    intent: z.looseObject(intentFields).optional().describe("a move that was begun and not read back yet"),
  })
  .superRefine(({ runs, digests }, context) => {
    for (const colour of colours)
      if (runs[colour] !== undefined && !digests.some((entry) => entry.digest === runs[colour] && entry.colour === colour))
        context.addIssue({ code: "custom", path: ["runs", colour], message: "a digest that stands in digests for that colour" });
  });

type Known<Fields extends z.core.$ZodLooseShape> = Immutable<z.output<z.ZodObject<Fields>>>;

/** Why a colour has its share. */
export type Basis = z.output<typeof basis>;
/** One digest in one colour. */
export type DigestEntry = Known<typeof entryFields>;
/** A move that was begun. */
export type Intent = Known<typeof intentFields>;
/** A person's word. */
export type Word = Known<typeof wordFields>;
/** The record. */
export type ReleaseRecord = Known<typeof recordFields> & {
  readonly digests: readonly DigestEntry[];
  readonly intent?: Intent | undefined;
};

/** What reading an item came to. An item that cannot be read never holds a rollback; everything else waits for it to be mended. */
export type RecordRead =
  | { readonly answer: "record"; readonly record: ReleaseRecord }
  | { readonly answer: "unreadable"; readonly reason: string };

/** Reads an item of the table. */
export function readRecord(item: unknown): RecordRead {
  const read = releaseRecord.safeParse(item);
  if (read.success) return { answer: "record", record: read.data };
  const problems = read.error.issues.map(({ path, message }) => `${path.join(".") || "the item"}: ${message}`);
  return { answer: "unreadable", reason: `the release record cannot be read: ${problems.join("; ")}` };
}
