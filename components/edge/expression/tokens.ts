/** Words, constants and signs of an expression. */
import { ExpressionError } from "./syntax.ts";

/** One word of an expression and where it stands. */
export interface Token {
  readonly kind: "word" | "string" | "integer" | "address" | "list" | "sign" | "end";
  /** The text; of a string its value. */
  readonly text: string;
  /** Place in the expression, from 0. */
  readonly at: number;
}

const space = /\s+/y;
const raw = /r(#*)"([\s\S]*?)"\1/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"/y;
const address = /(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]*(?:\.\d{1,3}){0,3})(?:\/\d{1,3})?/y;
const integer = /-?\d+/y;
const word = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y;
const list = /\$[a-z0-9_.]+/y;
const sign = /&&|\|\||\^\^|==|!=|<=|>=|\.\.|[!<>~(){}[\],*]/y;

/** @throws ExpressionError for what is not part of the language */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const found = take(space);
    if (found !== null) {
      at += found[0].length;
      continue;
    }
    const { token, length } = read(text, at, take);
    tokens.push(token);
    at += length;
  }
  return [...tokens, { kind: "end", text: "the end", at: text.length }];
}

function read(
  text: string,
  at: number,
  take: (pattern: RegExp) => RegExpExecArray | null,
): { readonly token: Token; readonly length: number } {
  const made = (kind: Token["kind"], value: string, length: number) => ({ token: { kind, text: value, at }, length });
  const rawString = take(raw);
  if (rawString !== null) return made("string", rawString[2] ?? "", rawString[0].length);
  const string = take(quoted);
  if (string !== null) return made("string", unescaped(string[1] ?? "", at), string[0].length);
  if (text[at] === '"') throw new ExpressionError("a string without its closing quote", at);
  const simple = [
    ["address", address],
    ["integer", integer],
    ["list", list],
    ["word", word],
    ["sign", sign],
  ] as const;
  for (const [kind, pattern] of simple) {
    const found = take(pattern);
    if (found !== null && found[0] !== "") return made(kind, found[0], found[0].length);
  }
  throw new ExpressionError(`${JSON.stringify(text[at])} is not part of the language`, at);
}

/** Quoted strings know `\"`, `\\` and `\xHH`; regular expressions want their other backslashes doubled or a raw string. */
function unescaped(text: string, at: number): string {
  return text.replaceAll(/\\(x[0-9a-fA-F]{2}|[\s\S])/g, (_, code: string) => {
    if (code === '"' || code === "\\") return code;
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    throw new ExpressionError(`\\${code} is no escape of a quoted string (use r"…")`, at);
  });
}

/** A constant string, as the language quotes it. */
export function quote(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
