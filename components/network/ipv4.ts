/** IPv4 addresses and blocks as numbers. */

/** An address as a number. */
function addressNumber(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** A number as an address. */
export function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** First address of a block as it is written, its addresses' count, and the bits of its prefix. */
export function blockOf(block: string): { readonly first: number; readonly size: number; readonly bits: number } {
  const [address = "", prefix = "32"] = block.split("/");
  const bits = Number(prefix);
  return { first: addressNumber(address), size: 2 ** (32 - bits), bits };
}

/** Whether a block starts at its own network address: `10.20.0.0/16`, not `10.20.5.0/16`. */
export function isNetworkAddress(block: string): boolean {
  const { first, size } = blockOf(block);
  return first % size === 0;
}

/** Whether two blocks share an address. */
export function overlap(a: string, b: string): boolean {
  const [one, other] = [blockOf(a), blockOf(b)];
  return one.first < other.first + other.size && other.first < one.first + one.size;
}

/** Whether nobody on the internet has the block's addresses (RFC 1918). */
export function isPrivate(block: string): boolean {
  return /^(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)\./.test(block);
}
