/**
 * Which of three is right about a colour's share: the record, the stack's outputs or what is live. Updates by plain `pulumi up` leave
 * theirs in the outputs alone. Of record and outputs the newer counts, what is live decides between them, and a share that neither
 * knows has not baked.
 */
import type { Colour } from "../colours.ts";
import { entryOf, isProven, type Moment } from "./record.ts";
import type { DigestEntry, ReleaseRecord } from "./recordContract.ts";

/** What one of them says of a colour. */
interface Said {
  readonly digest: string;
  /** Percent. */
  readonly share: number;
  /** ISO 8601. */
  readonly since: string;
}

/** What an update left in the stack's outputs. */
export interface ReleaseOutputs {
  /** Version of the record that the update started from. */
  readonly startedFrom: number;
  readonly colours: Readonly<Partial<Record<Colour, Said>>>;
}

/** What the load balancer and ECS say of a colour now. */
export interface LiveColour {
  /** Digest of its primary deployment; empty where there is none. */
  readonly digest: string;
  /** Share as the rule has it, percent. */
  readonly share: number;
}

/** Everything that says something of a service. */
export interface Sources {
  /** Undefined when there is none yet. One that cannot be read holds nothing but what goes forward. */
  readonly record: ReleaseRecord | "unreadable" | undefined;
  readonly outputs: ReleaseOutputs | undefined;
  /** Undefined when it cannot be read. */
  readonly live: Readonly<Record<Colour, LiveColour>> | undefined;
}

/** A colour as it stands. */
export interface Standing extends Said {
  readonly colour: Colour;
  /** Who is right. `neither`: the share is live and written down nowhere; `unread`: record or load balancer could not be read. */
  readonly answer: "record" | "outputs" | "neither" | "unread";
  readonly reason: string;
  /** `finished` only while it may have any share at once; also where its last step has baked and nobody has written it yet. */
  readonly state: DigestEntry["state"];
  /** It has had traffic, as far as anybody knows. */
  readonly served: boolean;
  /** A rollback gives everything to it. After a swap of labels only as long as it runs what it ran. */
  readonly wayBack: boolean;
  /** The config calls it live. */
  readonly live: boolean;
}

/**
 * A colour as it stands.
 * @param live colour that config calls live, which is the way back too where no record says otherwise
 * @param lastBakeMinutes how long the step to 100 bakes, minutes
 */
export function standingOf(colour: Colour, sources: Sources, live: Colour, lastBakeMinutes: number, moment: Moment): Standing {
  const record = sources.record === "unreadable" ? undefined : sources.record;
  const said = rightOf(colour, sources, moment.now);
  const entry = record?.digests.find((one) => one.colour === colour && one.digest === said.digest);
  return {
    ...said,
    colour,
    state: stateOf(entry, said, lastBakeMinutes, moment),
    served: said.share > 0 || entry === undefined || entry.basis !== undefined,
    wayBack: colour === (record?.wayBack ?? live) && (colour === live || said.digest === record?.runs[colour]),
    live: colour === live,
  };
}

/** Both colours. */
export type Standings = Readonly<Record<Colour, Standing>>;

function rightOf(colour: Colour, { record: read, outputs, live }: Sources, now: Date): Said & Pick<Standing, "answer" | "reason"> {
  const record = read === "unreadable" ? undefined : read;
  const entry = record === undefined ? undefined : entryOf(record, colour);
  const recorded = entry === undefined ? undefined : { ...saidBy(entry), answer: "record" as const };
  const put = outputs?.colours[colour];
  const output = put === undefined ? undefined : { ...saidBy(put), answer: "outputs" as const };
  // Versions tell, unless the record was written while the update ran, or since then for another reason: then the times do.
  const later = Date.parse(output?.since ?? "") > Date.parse(recorded?.since ?? "");
  const outputsNewer = outputs !== undefined && (record === undefined || outputs.startedFrom >= record.version || later);
  const [newer, older] = outputsNewer ? [output ?? recorded, recorded] : [recorded ?? output, output];
  const at = now.toISOString();
  const there = live?.[colour];
  if (there === undefined)
    return { ...(newer ?? { digest: "", share: 0, since: at }), answer: "unread", reason: `what ${colour} has now could not be read` };
  if (read === "unreadable") return { ...there, since: at, answer: "unread", reason: "the release record could not be read" };
  const isRight = (said: Said | undefined) =>
    said !== undefined && said.share === there.share && (said.digest === there.digest || there.digest === "");
  if (newer !== undefined && isRight(newer))
    return { ...newer, reason: `${colour} has ${newer.share} % since ${newer.since}, as the ${newer.answer} and what is live say` };
  // It was moved back after the newer was written, and nobody wrote down when.
  if (older !== undefined && isRight(older))
    return { ...older, since: at, reason: `${colour} has ${older.share} % again, as the ${older.answer} said before: it has not baked` };
  const reason = `${colour} has ${there.share} %, which neither the release record nor the outputs know: it has not baked`;
  return { share: there.share, digest: there.digest || (newer?.digest ?? ""), since: at, answer: "neither", reason };
}

function saidBy({ digest, share, since }: Said): Said {
  return { digest, share, since };
}

function stateOf(entry: DigestEntry | undefined, said: Said, lastBakeMinutes: number, moment: Moment): DigestEntry["state"] {
  const state = entry === undefined ? "running" : entry.state;
  if (entry !== undefined && state === "finished") return isProven(entry, moment) ? "finished" : "running";
  const baked = said.share === 100 && moment.now.getTime() >= Date.parse(said.since) + lastBakeMinutes * 60_000;
  return state === "running" && baked ? "finished" : state;
}
