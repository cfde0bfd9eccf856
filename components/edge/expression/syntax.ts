/** Syntax tree of an expression in the subset of Cloudflare's Rules language that Slipway writes and checks. */

/** Comparison operators in their word forms; `==`, `~` and the like are read as these. */
export const comparisons = ["eq", "ne", "lt", "le", "gt", "ge", "contains", "matches", "wildcard", "strict wildcard"] as const;
export type Comparison = (typeof comparisons)[number];

/** A constant as it stands in the text. */
export type Literal =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** Address or block, only inside `in {…}`. */
  | { readonly kind: "address"; readonly value: string };

/** What stands in brackets after a field: a key of a map, a place in an array, or every element. */
export type Index =
  | { readonly kind: "key"; readonly value: string }
  | { readonly kind: "place"; readonly value: number }
  | { readonly kind: "each" };

/** Element of a set: one constant, or the numbers or addresses from one to another. */
export type Member =
  | Literal
  | { readonly kind: "range"; readonly from: number; readonly to: number }
  | { readonly kind: "addressRange"; readonly from: string; readonly to: string };

export type Expression =
  | Literal
  | { readonly kind: "field"; readonly name: string; readonly indexes: readonly Index[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[]; readonly indexes: readonly Index[] }
  | { readonly kind: "compare"; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "in"; readonly left: Expression; readonly members: readonly Member[] }
  | { readonly kind: "inList"; readonly left: Expression; readonly list: string }
  | { readonly kind: "not"; readonly term: Expression }
  | { readonly kind: "and" | "xor" | "or"; readonly left: Expression; readonly right: Expression };

/** An expression cannot be read. The message is Cloudflare's kind: what stands there and where. */
export class ExpressionError extends Error {
  /** Place in the text, from 0. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(`${message} at character ${at + 1}`);
    this.at = at;
  }
}
