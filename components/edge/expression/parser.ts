/** Reads expressions of Cloudflare's Rules language. `not` binds tightest, then `and`, `xor`, `or`. */
import { type Comparison, comparisons, type Expression, ExpressionError, type Index, type Literal, type Member } from "./syntax.ts";
import { type Token, tokensOf } from "./tokens.ts";

const signs: Readonly<Record<string, string>> = {
  "&&": "and",
  "||": "or",
  "^^": "xor",
  "!": "not",
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
  "~": "matches",
};

/** Levels of nesting that the reader follows. */
const depthLimit = 100;

/** @throws ExpressionError naming what stands where */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokensOf(text));
  return parser.whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#binary(0);
    if (this.#peek().kind !== "end") throw this.#unexpected("the end or an operator");
    return expression;
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] ?? { kind: "end", text: "the end", at: 0 };
  }

  /** Operator at the next place, signs told by their words. */
  #operator(): string {
    const { kind, text } = this.#peek();
    return kind === "sign" ? (signs[text] ?? text) : kind === "word" ? text : "";
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #expect(text: string): void {
    if (this.#peek().kind !== "sign" || this.#peek().text !== text) throw this.#unexpected(JSON.stringify(text));
    this.#next += 1;
  }

  #unexpected(wanted: string): ExpressionError {
    const { text, at } = this.#peek();
    return new ExpressionError(`found ${text} where ${wanted} was expected`, at);
  }

  /** Left-associative levels: or, xor, and. */
  #binary(level: number): Expression {
    const operator = (["or", "xor", "and"] as const)[level];
    if (operator === undefined) return this.#not();
    let left = this.#binary(level + 1);
    while (this.#operator() === operator) {
      this.#next += 1;
      left = { kind: operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #not(): Expression {
    if (++this.#depth > depthLimit) throw new ExpressionError(`more than ${depthLimit} levels of nesting`, this.#peek().at);
    try {
      if (this.#operator() !== "not") return this.#comparison();
      this.#next += 1;
      return { kind: "not", term: this.#not() };
    } finally {
      this.#depth -= 1;
    }
  }

  #comparison(): Expression {
    const left = this.#operand();
    let operator = this.#operator();
    if (operator === "in") return this.#membership(left);
    if (operator === "strict" && this.#peek(1).text === "wildcard") {
      this.#next += 1;
      operator = "strict wildcard";
    }
    if (!isComparison(operator)) return left;
    this.#next += 1;
    return { kind: "compare", operator, left, right: this.#operand() };
  }

  #membership(left: Expression): Expression {
    this.#next += 1;
    if (this.#peek().kind === "list") return { kind: "inList", left, list: this.#take().text.slice(1) };
    this.#expect("{");
    const members: Member[] = [];
    while (this.#peek().text !== "}" || this.#peek().kind !== "sign") members.push(this.#member());
    this.#expect("}");
    if (members.length === 0) throw this.#unexpected("at least one value between the braces");
    return { kind: "in", left, members };
  }

  #member(): Member {
    const first = this.#literal();
    if (first === undefined) throw this.#unexpected("a constant");
    if (this.#peek().text !== ".." || (first.kind !== "integer" && first.kind !== "address")) return first;
    this.#next += 1;
    const last = this.#literal();
    if (first.kind === "integer" && last?.kind === "integer") return { kind: "range", from: first.value, to: last.value };
    const from = String(first.value);
    const alike = first.kind === "address" && last?.kind === "address" && from.includes(":") === last.value.includes(":");
    if (!alike || `${from}${last.value}`.includes("/"))
      throw this.#unexpected(first.kind === "integer" ? "a number" : "an address of the same kind");
    return { kind: "addressRange", from, to: last.value };
  }

  #literal(): Literal | undefined {
    const { kind, text } = this.#peek();
    if (kind !== "string" && kind !== "integer" && kind !== "address") return undefined;
    this.#next += 1;
    return kind === "integer" ? { kind, value: Number(text) } : { kind, value: text };
  }

  #operand(): Expression {
    if (this.#peek().kind === "sign" && this.#peek().text === "(") {
      this.#next += 1;
      const inner = this.#binary(0);
      this.#expect(")");
      return inner;
    }
    const literal = this.#literal();
    if (literal !== undefined) return literal;
    if (this.#peek().kind !== "word") throw this.#unexpected("a field, a function or a constant");
    const name = this.#take().text;
    if (name === "true" || name === "false") return { kind: "boolean", value: name === "true" };
    if (this.#peek().text !== "(") return { kind: "field", name, indexes: this.#indexes() };
    const args = this.#arguments();
    return { kind: "call", name, args, indexes: this.#indexes() };
  }

  #arguments(): Expression[] {
    this.#expect("(");
    const args: Expression[] = [];
    while (this.#peek().text !== ")") {
      if (args.length > 0) this.#expect(",");
      args.push(this.#binary(0));
    }
    this.#expect(")");
    return args;
  }

  #indexes(): Index[] {
    const indexes: Index[] = [];
    while (this.#peek().kind === "sign" && this.#peek().text === "[") {
      this.#next += 1;
      const { kind, text } = this.#take();
      if (kind === "string") indexes.push({ kind: "key", value: text });
      else if (kind === "integer") indexes.push({ kind: "place", value: Number(text) });
      else if (text === "*") indexes.push({ kind: "each" });
      else {
        this.#next -= 1;
        throw this.#unexpected("a key, a number or *");
      }
      this.#expect("]");
    }
    return indexes;
  }
}

function isComparison(operator: string): operator is Comparison {
  return (comparisons as readonly string[]).includes(operator);
}
