/** Evaluates expressions of Cloudflare's Rules language for one request. */
import { parseExpression } from "../../../components/edge/expression/parser.ts";
import type { Comparison, Expression, Index } from "../../../components/edge/expression/syntax.ts";
import { type EdgeRequest, fieldOf, inBlock, type Value } from "./request.ts";

export interface Situation {
  readonly request: EdgeRequest;
  /** Status of the origin's answer, in phases that have one. */
  readonly responseCode?: number;
}

/** Whether the expression holds. @throws Error for what the language or the harness does not know */
export function holds(expression: string, situation: Situation): boolean {
  const value = valueFor(expression, situation);
  if (typeof value !== "boolean") throw new Error(`${expression} is ${JSON.stringify(value)}, neither true nor false`);
  return value;
}

export function valueFor(expression: string, situation: Situation): Value {
  return evaluate(parseExpression(expression), situation);
}

function evaluate(expression: Expression, situation: Situation): Value {
  switch (expression.kind) {
    case "string":
    case "integer":
    case "boolean":
    case "address":
      return expression.value;
    case "field": {
      const value = fieldOf(expression.name, situation.request, situation.responseCode);
      if (value === undefined) throw new Error(`the harness does not know the field ${expression.name}`);
      return indexed(value, expression.indexes);
    }
    case "call":
      return indexed(call(expression.name, expression.args, situation), expression.indexes);
    case "not":
      return !truth(evaluate(expression.term, situation));
    case "and":
      return truth(evaluate(expression.left, situation)) && truth(evaluate(expression.right, situation));
    case "or":
      return truth(evaluate(expression.left, situation)) || truth(evaluate(expression.right, situation));
    case "xor":
      return truth(evaluate(expression.left, situation)) !== truth(evaluate(expression.right, situation));
    case "compare": {
      const right = evaluate(expression.right, situation);
      return overEach(evaluate(expression.left, situation), (left) => compare(expression.operator, left, right));
    }
    case "in": {
      const { members } = expression;
      return overEach(evaluate(expression.left, situation), (left) =>
        members.some((member) => {
          if (member.kind === "range") return Number(left) >= member.from && Number(left) <= member.to;
          if (member.kind === "addressRange") throw new Error("the harness has no ranges of addresses");
          return member.kind === "address" ? inBlock(String(left), member.value) : member.value === left;
        }),
      );
    }
    default:
      throw new Error(`the harness has no lists ($${expression.list})`);
  }
}

function truth(value: Value): boolean {
  if (typeof value !== "boolean") throw new Error(`${JSON.stringify(value)} is neither true nor false`);
  return value;
}

/** A comparison of an unpacked array gives an array of answers. */
function overEach(value: Value, one: (value: Value) => boolean): Value {
  return Array.isArray(value) ? value.map(one) : one(value);
}

function indexed(value: Value, indexes: readonly Index[]): Value {
  let now = value;
  for (const index of indexes) {
    if (index.kind === "each") continue;
    // What is absent is an empty list, or an empty text: comparisons with it are false.
    if (index.kind === "key") now = (now as Readonly<Record<string, Value>>)[index.value] ?? [];
    else now = (now as readonly Value[])[index.value] ?? "";
  }
  return now;
}

function compare(operator: Comparison, left: Value, right: Value): boolean {
  switch (operator) {
    case "eq":
      return left === right;
    case "ne":
      return left !== right;
    case "lt":
      return Number(left) < Number(right);
    case "le":
      return Number(left) <= Number(right);
    case "gt":
      return Number(left) > Number(right);
    case "ge":
      return Number(left) >= Number(right);
    case "contains":
      return String(left).includes(String(right));
    case "matches":
      return new RegExp(String(right)).test(String(left));
    default: {
      const pattern = String(right)
        .split("*")
        .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
      return new RegExp(`^${pattern.join(".*")}$`, operator === "wildcard" ? "is" : "s").test(String(left));
    }
  }
}

function call(name: string, args: readonly Expression[], situation: Situation): Value {
  const values = args.map((argument) => evaluate(argument, situation));
  const [first = ""] = values;
  const texts = (one: (text: string) => Value): Value =>
    Array.isArray(first) ? first.map((item) => one(String(item))) : one(String(first));
  switch (name) {
    case "any":
      return (first as readonly Value[]).some(truth);
    case "all":
      return (first as readonly Value[]).every(truth);
    case "concat":
      return values.map(String).join("");
    case "lower":
      return texts((text) => text.toLowerCase());
    case "upper":
      return texts((text) => text.toUpperCase());
    case "url_decode":
      return texts(urlDecoded);
    case "starts_with":
      return texts((text) => text.startsWith(String(values[1])));
    case "ends_with":
      return texts((text) => text.endsWith(String(values[1])));
    case "len":
      return typeof first === "string" || Array.isArray(first) ? first.length : Object.keys(first).length;
    default:
      throw new Error(`the harness does not know the function ${name}()`);
  }
}

/** %XX and + decoded once; what is no escape stays. */
export function urlDecoded(text: string): string {
  return text.replaceAll("+", " ").replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
