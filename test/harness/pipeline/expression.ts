/** Expressions of GitHub's workflows, by GitHub's own evaluator. */
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

/** How the jobs that a job waits for have ended, and the steps before a step. */
export type Ended = "success" | "failure" | "cancelled" | "skipped";

/** What an expression may name, by context: `github`, `needs`, `matrix`. */
export type Contexts = Readonly<Record<string, unknown>>;

/** Whole texts that are one expression, and texts with expressions in them. */
const one = /^\$\{\{(?<inner>(?:(?!\}\}).)*)\}\}$/s;
const each = /\$\{\{(?<inner>.*?)\}\}/gs;

/** Functions of conditions, which a job's or step's history answers. */
function statusFunctions(before: readonly Ended[]) {
  const answers: Readonly<Record<string, boolean>> = {
    always: true,
    success: before.every((end) => end === "success"),
    failure: before.includes("failure"),
    cancelled: before.includes("cancelled"),
  };
  return Object.entries(answers).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));
}

function evaluated(text: string, contexts: Contexts, before: readonly Ended[]): data.ExpressionData {
  const functions = statusFunctions(before);
  const { tokens } = new Lexer(text).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return new Evaluator(parsed, known, new Map(functions.map((one) => [one.name, one]))).evaluate();
}

/** The text with its expressions filled in, as a step's variable gets it. */
export function filledIn(text: string, contexts: Contexts): string {
  return text.replaceAll(each, (_, inner: string) => evaluated(inner, contexts, []).coerceString());
}

/** The items of a text that is one expression, such as a matrix. */
export function listOf(text: string, contexts: Contexts): readonly unknown[] {
  const inner = one.exec(text)?.groups?.inner;
  if (inner === undefined) throw new Error(`${text} is no expression`);
  return JSON.parse(JSON.stringify(evaluated(inner, contexts, []), data.replacer)) as unknown[];
}

/**
 * Whether a job or step with this condition runs.
 * @param condition `if:` as it stands there; without one, or without a word about how others ended, all before have to be a success
 * @param before how those that it waits for have ended
 */
export function holds(condition: string | undefined, contexts: Contexts, before: readonly Ended[]): boolean {
  const inner = one.exec(condition ?? "")?.groups?.inner ?? condition ?? "success()";
  const asksItself = /\b(?:always|cancelled|failure|success)\(\)/.test(inner);
  const whole = asksItself ? inner : `success() && (${inner})`;
  return evaluated(`!!(${whole})`, contexts, before).coerceString() === "true";
}
