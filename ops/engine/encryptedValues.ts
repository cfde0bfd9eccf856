/** Encrypted values of a stack file: maps that hold `secure` and nothing else. */
import { type Document, isPair, isScalar, type Pair, visit } from "yaml";

/**
 * The `secure` of every encrypted value, in the file's order.
 * @param see is handed each, with the pair that has it as its value and the keys that lead there; it may exchange them
 */
export function eachEncrypted(document: Document, see: (secure: Pair, holder: Pair | undefined, keys: readonly string[]) => void): void {
  visit(document, {
    Map(_, { items: [pair, ...others] }, above) {
      if (pair === undefined || others.length > 0 || !isScalar(pair.key) || pair.key.value !== "secure") return;
      const pairs = above.filter((node) => isPair(node));
      see(
        pair,
        pairs.at(-1),
        pairs.map(({ key }) => String(isScalar(key) ? key.value : key)),
      );
    },
  });
}
