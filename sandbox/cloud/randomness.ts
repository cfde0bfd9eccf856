/** What the cloud draws at random: digits, letters and UUIDs of ids and passwords. A test may fix the draws. */
import { hash, randomBytes } from "node:crypto";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

let bytes: (count: number) => Uint8Array = randomBytes;

/** Runs something whose draws are the same for the same seed, in this process. */
export function withSeed<T>(seed: string, run: () => T): T {
  const before = bytes;
  let drawn = 0;
  bytes = (count) => {
    const hashes = Array.from({ length: Math.ceil(count / 32) }, () => hash("sha256", `${seed} ${drawn++}`, "buffer"));
    return Buffer.concat(hashes).subarray(0, count);
  };
  try {
    return run();
  } finally {
    bytes = before;
  }
}

/** That many random hexadecimal digits. */
export function randomHex(length: number): string {
  return Buffer.from(bytes(Math.ceil(length / 2)))
    .toString("hex")
    .slice(0, length);
}

/** That many random decimal digits, the first of which is no zero. */
export function randomDigits(length: number): string {
  return Array.from(bytes(length), (byte, index) => (index === 0 ? 1 + (byte % 9) : byte % 10)).join("");
}

/** That many random letters of both cases and digits. */
export function randomLetters(length: number): string {
  return Array.from(bytes(length), (byte) => letters[byte % letters.length]).join("");
}

/** A random UUID. */
export function randomUuid(): string {
  const hex = randomHex(32);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}
