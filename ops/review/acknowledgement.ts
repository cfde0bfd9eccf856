/** How a person acknowledges a grave change set: a line of a comment that names its hash. */

/** Digits of a hash that are enough to name a change set. */
const fewest = 12;

const line = new RegExp(`^ack((?:[ \\t,]+[0-9a-f]{${fewest},64})+)[ \\t]*$`, "gim");

/** The line, as a person writes it. @param hash of the change set, in full */
export function acknowledgementLine(hash: string): string {
  return `ack ${hash.slice(0, fewest)}`;
}

/** Starts of the hashes that a comment acknowledges; a quoted line, or one within a sentence, does not. */
export function acknowledgedIn(body: string): string[] {
  return [...body.matchAll(line)].flatMap(([, hashes = ""]) =>
    hashes
      .toLowerCase()
      .split(/[ \t,]+/)
      .filter((hash) => hash !== ""),
  );
}
