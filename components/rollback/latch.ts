/** The latch of a rollback as it is kept: one SSM parameter a service, JSON. */
import { type Colour, colours } from "../colours.ts";

/** What a rollback left behind; nothing gives the candidate traffic until it is acknowledged. */
export interface Latch {
  readonly service: string;
  /** Name of the alarm; empty where a person rolled back. */
  readonly alarm: string;
  /** ARN of the person who rolled back. @default an alarm did */
  readonly by?: string;
  /** What the candidate ran when a person rolled it back: another image is another release. @default whatever it runs is kept from traffic */
  readonly digest?: string;
  /** What CloudWatch said about it, or the person. */
  readonly reason: string;
  /** When, ISO 8601. */
  readonly at: string;
  /** Colour that has everything now. */
  readonly live: Colour;
  /** Colour that gets nothing more. */
  readonly candidate: Colour;
  /** Weights that the rollback found, percent. */
  readonly before: Readonly<Record<Colour, number>>;
  readonly outcome: "rolledBack" | "alreadyAtZero" | "held" | "stranded" | "failed";
}

/** Value of a latch that nobody has set. */
export const clearLatch = JSON.stringify({ state: "clear" });

/** Value of a latch that a person's rollback sets. The rollback function reads it as that of another event, of which people know. */
export function setLatch(latch: Latch & { readonly by: string }): string {
  return JSON.stringify({ state: "set", ...latch, event: `by ${latch.by}`, notified: true });
}

/** Who or what rolled back, as the beginning of a sentence. */
export function latchCause({ alarm, by, reason }: Pick<Latch, "alarm" | "by" | "reason">): string {
  return by === undefined ? `the alarm ${alarm}` : `${by} (${reason})`;
}

/** Value after somebody looked: who and when, and what it was. @param now the current time */
export function acknowledgedLatch(latch: Latch, by: string, now: Date): string {
  return JSON.stringify({ state: "clear", acknowledgedBy: by, acknowledgedAt: now.toISOString(), was: latch });
}

/** Folder of a stack's latches. */
export function latchFolder({ system, environment }: { readonly system: string; readonly environment: string }): string {
  return `/slipway/${system}/${environment}/rollback`;
}

/** The value is not a latch: somebody edited it. Nobody may conclude from it that all is well. */
export class LatchError extends Error {}

/**
 * Reads the value of a latch.
 * @returns undefined when it is clear
 * @throws LatchError
 */
export function parseLatch(value: string): Latch | undefined {
  const found = objectIn(value);
  if (found.state === "clear") return undefined;
  const { service, alarm, by, digest, reason, at, live, candidate, before, outcome } = found;
  if (
    found.state !== "set" ||
    typeof service !== "string" ||
    typeof alarm !== "string" ||
    typeof at !== "string" ||
    !isColour(live) ||
    !isColour(candidate) ||
    !isOutcome(outcome)
  )
    throw new LatchError(`is neither clear nor a latch: ${value.slice(0, 80)}`);
  const who = { ...(typeof by === "string" ? { by } : {}), ...(typeof digest === "string" ? { digest } : {}) };
  const why = typeof reason === "string" ? reason : "";
  return { service, alarm, ...who, reason: why, at, live, candidate, before: weightsIn(before), outcome };
}

function objectIn(value: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(value);
    return isObject(found) ? found : {};
  } catch {
    return {};
  }
}

function weightsIn(value: unknown): Latch["before"] {
  const of = (colour: Colour) => (isObject(value) && typeof value[colour] === "number" ? value[colour] : 0);
  return { blue: of("blue"), green: of("green") };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isColour(value: unknown): value is Colour {
  return colours.some((colour) => colour === value);
}

function isOutcome(value: unknown): value is Latch["outcome"] {
  return ["rolledBack", "alreadyAtZero", "held", "stranded", "failed"].some((outcome) => outcome === value);
}
