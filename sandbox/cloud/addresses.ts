/** Blocks of IPv4 addresses. */

/** First and last address of a block, as numbers. */
export function rangeOf(block: string): readonly [number, number] {
  const [address = "", bits = "32"] = block.split("/");
  const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [first, first + 2 ** (32 - Number(bits)) - 1];
}

/** Whether every address of a block is one of the other's. */
export function isWithin(block: string, whole: string): boolean {
  const [[first, last], [from, to]] = [rangeOf(block), rangeOf(whole)];
  return first >= from && last <= to;
}
