/**
 * Tells what is wrong with an expression before Cloudflare does: syntax, types, and what the zone's plan does not have. Cloudflare
 * adds fields and functions all the time: one that is not known here is a warning, and whatever is made of it passes.
 */
import { type Entitled, expressionLimit, includes, type Plan } from "../plan.ts";
import { parseExpression } from "./parser.ts";
import { type Comparison, type Expression, ExpressionError, type Index, type Member } from "./syntax.ts";
import { type FunctionFacts, fields, functions, sameType, type Type, typeName } from "./vocabulary.ts";

/** What an expression is checked against. */
export interface CheckOptions extends Entitled {
  /** What the whole has to be. @default "Boolean" */
  readonly result?: "Boolean" | "String";
  /** The answer is known already, so its fields may be used. @default false */
  readonly response?: boolean;
  /** The only fields that may be used. @default every field */
  readonly only?: readonly string[];
}

/** What is known of an expression, in words that follow "is". */
interface CheckedExpression {
  /** Everything for which Cloudflare would refuse it. */
  readonly problems: readonly string[];
  /** What is not known here, so that Cloudflare alone can tell. */
  readonly warnings: readonly string[];
}

/** Reads an expression and checks it. */
export function checkExpression(text: string, options: CheckOptions): CheckedExpression {
  const refused = (problem: string) => ({ problems: [problem], warnings: [] });
  if (text.length > expressionLimit) return refused(`${text.length} characters long; Cloudflare takes ${expressionLimit}`);
  let expression: Expression;
  try {
    expression = parseExpression(text);
  } catch (error) {
    if (error instanceof ExpressionError) return refused(`not an expression: ${error.message}`);
    throw error;
  }
  const checker = new Checker(options);
  const found = checker.typeOf(expression);
  const { result: wanted = "Boolean" } = options;
  if (found !== undefined && !sameType(found, wanted)) checker.problems.push(`of type ${typeName(found)}, not ${wanted}`);
  return { problems: [...new Set(checker.problems)], warnings: [...new Set(checker.warnings)] };
}

class Checker {
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  readonly #options: CheckOptions;

  constructor(options: CheckOptions) {
    this.#options = options;
  }

  /** Type of an expression, or undefined where it has a problem or is made of something unknown, which was told. */
  typeOf(expression: Expression): Type | undefined {
    switch (expression.kind) {
      case "string":
        return "String";
      case "integer":
        return "Integer";
      case "boolean":
        return "Boolean";
      case "address":
        return this.#wrong(`using the address ${expression.value} outside in {…}`);
      case "field":
        return this.#field(expression.name, expression.indexes);
      case "call":
        return this.#call(expression.name, expression.args, expression.indexes);
      case "compare":
        return this.#compare(expression.operator, expression.left, expression.right);
      case "in":
        return this.#membership(expression.left, expression.members);
      case "inList":
        return this.#boolean(this.typeOf(expression.left));
      case "not":
        return this.#logical(expression.term);
      default:
        return this.#logical(expression.left) && this.#logical(expression.right);
    }
  }

  #wrong(problem: string): undefined {
    this.problems.push(problem);
    return undefined;
  }

  #unknown(what: string): undefined {
    this.warnings.push(`${what}, which Slipway does not know`);
    return undefined;
  }

  #needsPlan(what: string, plan: Plan | undefined): void {
    if (plan !== undefined && !includes(this.#options.plan, plan))
      this.problems.push(`using ${what}, which needs the plan ${plan} or higher (the zone has ${this.#options.plan})`);
  }

  #needsEntitlement(what: string, { plan, entitlement }: (typeof fields)[string]): void {
    this.#needsPlan(what, plan);
    const { plan: own, entitlements = [] } = this.#options;
    if (entitlement !== undefined && includes(own, plan ?? own) && !entitlements.includes(entitlement))
      this.problems.push(`using ${what}, which needs ${entitlement} in entitlements: it is bought beside the plan ${own}`);
  }

  #field(name: string, indexes: readonly Index[]): Type | undefined {
    const facts = fields[name];
    if (facts === undefined) return this.#unknown(`using the field ${name}`);
    if (facts.response === true && this.#options.response !== true)
      return this.#wrong(`using ${name}, which is known only after the origin's answer`);
    const { only } = this.#options;
    if (only !== undefined && !only.includes(name))
      return this.#wrong(`using ${name}, which a rate limit of the plan ${this.#options.plan} cannot see (it sees ${only.join(", ")})`);
    if (only === undefined) this.#needsEntitlement(name, facts);
    return this.#indexed(name, facts.type, indexes);
  }

  #indexed(name: string, type: Type, indexes: readonly Index[]): Type | undefined {
    let now = type;
    for (const index of indexes) {
      const inMap = typeof now === "object" && "map" in now ? now.map : undefined;
      const inArray = typeof now === "object" && "array" in now ? now.array : undefined;
      if (index.kind === "key" && inMap !== undefined) now = inMap;
      else if (index.kind === "place" && inArray !== undefined) now = inArray;
      else if (index.kind === "each" && inArray !== undefined) now = { each: inArray };
      else return this.#wrong(`using ${name}[${index.kind === "each" ? "*" : index.value}] on a ${typeName(now)}`);
      if (name === "http.request.headers" && index.kind === "key" && index.value !== index.value.toLowerCase())
        return this.#wrong(`using the header ${index.value}, whose name has to be in lower case`);
    }
    return now;
  }

  #call(name: string, args: readonly Expression[], indexes: readonly Index[]): Type | undefined {
    const facts = functions[name];
    if (facts === undefined) {
      for (const argument of args) if (argument.kind !== "address") this.typeOf(argument);
      return this.#unknown(`calling the function ${name}()`);
    }
    this.#needsPlan(`${name}()`, facts.plan);
    if (facts.rewrites === true && this.#options.result !== "String")
      return this.#wrong(`calling ${name}(), which is only where a text is rewritten, not in a filter`);
    const least = facts.args.length - (facts.optional ?? 0);
    if (args.length < least || (args.length > facts.args.length && facts.more !== true))
      return this.#wrong(`calling ${name}() with ${args.length} arguments instead of ${least}`);
    if (facts.ofField === true && args[0]?.kind === "string") return this.#wrong(`giving ${name}() a constant where it takes a field`);
    const types = args.map((argument) => this.typeOf(argument));
    let each = false;
    for (const [index, type] of types.entries()) {
      if (type === undefined) return undefined;
      const bare = typeof type === "object" && "each" in type ? type.each : type;
      each ||= bare !== type;
      if (!allowed(facts, index).some((candidate) => sameType(candidate, bare)))
        return this.#wrong(`giving ${name}() a ${typeName(type)} where it takes ${allowed(facts, index).map(typeName).join(" or ")}`);
    }
    return this.#indexed(`${name}()`, each ? { array: facts.result } : facts.result, indexes);
  }

  #compare(operator: Comparison, left: Expression, right: Expression): Type | undefined {
    const a = this.typeOf(left);
    if (operator === "matches") this.#needsPlan("matches", "business");
    const bare = typeof a === "object" && "each" in a ? a.each : a;
    // An address may be compared with one field of its kind; a block belongs into in {…}.
    if (right.kind === "address" && (bare === undefined || bare === "IP") && isEquality(operator) && !right.value.includes("/"))
      return this.#boolean(a);
    const b = this.typeOf(right);
    if (a === undefined || b === undefined) return undefined;
    const onText = ["contains", "matches", "wildcard", "strict wildcard"].includes(operator);
    const onNumbers = ["lt", "le", "gt", "ge"].includes(operator);
    if (onText && bare !== "String") return this.#wrong(`using ${operator} on a ${typeName(a)}`);
    if (onNumbers && bare !== "Integer") return this.#wrong(`using ${operator} on a ${typeName(a)}`);
    if (right.kind !== "string" && right.kind !== "integer") return this.#wrong(`comparing with something that is no constant`);
    if (bare !== "String" && bare !== "Integer")
      return this.#wrong(`comparing a ${typeName(a)} with a constant (an address goes into in {…})`);
    if (!sameType(bare, b)) return this.#wrong(`comparing a ${typeName(a)} with a ${typeName(b)}`);
    if (operator === "matches" && right.kind === "string") this.#pattern(right.value);
    return this.#boolean(a);
  }

  /** Cloudflare runs Rust's regular expressions, which have neither look-around nor back-references. */
  #pattern(source: string): void {
    if (/\(\?<?[=!]|\\[1-9]/.test(source)) this.problems.push("using look-around or a back-reference in a regular expression");
    try {
      new RegExp(source.replace(/^\(\?i\)/, "").replaceAll("(?P<", "(?<"));
    } catch {
      this.problems.push(`using ${JSON.stringify(source)}, which is no regular expression`);
    }
  }

  #membership(left: Expression, members: readonly Member[]): Type | undefined {
    const type = this.typeOf(left);
    if (type === undefined) return undefined;
    const bare = typeof type === "object" && "each" in type ? type.each : type;
    const kinds: Readonly<Record<Member["kind"], Type>> = {
      string: "String",
      integer: "Integer",
      boolean: "Boolean",
      range: "Integer",
      address: "IP",
      addressRange: "IP",
    };
    for (const member of members)
      if (!sameType(kinds[member.kind], bare))
        return this.#wrong(`looking for a ${typeName(kinds[member.kind])} in ${typeName(bare)} values`);
    return this.#boolean(type);
  }

  #logical(term: Expression): Type | undefined {
    const type = this.typeOf(term);
    if (type === undefined || type === "Boolean") return type;
    return this.#wrong(`using a ${typeName(type)} where true or false is needed`);
  }

  /** What a comparison makes of its left side. */
  #boolean(left: Type | undefined): Type | undefined {
    if (left === undefined) return undefined;
    return typeof left === "object" && "each" in left ? { array: "Boolean" } : "Boolean";
  }
}

function isEquality(operator: Comparison): boolean {
  return operator === "eq" || operator === "ne";
}

function allowed(facts: FunctionFacts, index: number): readonly Type[] {
  return facts.args[Math.min(index, facts.args.length - 1)] ?? [];
}
