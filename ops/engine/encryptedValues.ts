/** Encrypted values of a stack file: maps that hold `secure` and nothing else. */
import { type Document, isScalar, type Pair, visit } from "yaml";

/** The `secure` of every encrypted value, in the file's order. @param see is handed each; it may exchange the value */
export function eachEncrypted(document: Document, see: (secure: Pair) => void): void {
  visit(document, {
    Map(_, { items: [pair, ...others] }) {
      if (pair !== undefined && others.length === 0 && isScalar(pair.key) && pair.key.value === "secure") see(pair);
    },
  });
}
