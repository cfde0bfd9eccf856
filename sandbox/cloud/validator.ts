/**
 * Single-value rules, recovered from what the provider says of a nonsense value: the facts carry the message, and each
 * message below stands for one well-known validator.
 */
import { isIP } from "node:net";
import type { Value } from "../provider/values.ts";

interface Validator {
  readonly message: RegExp;
  /** The refusal, or undefined when the value is good. `found` is the match of `message`. */
  readonly refuse: (text: string, found: RegExpMatchArray) => string | undefined;
}

/** A rule that a pattern decides. @param refusal what is said of anything else */
function pattern(message: RegExp, good: RegExp, refusal: (text: string) => string): Validator {
  return { message, refuse: (text) => (good.test(text) ? undefined : refusal(text)) };
}

const cidr = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$|^[0-9a-f:]+\/\d{1,3}$/i;
const notCidr = (text: string) => `"${text}" is not a valid CIDR block: invalid CIDR address: ${text}`;
const described = (meaning: string) => (text: string) => `invalid value for ${text} (${meaning})`;

const functionName = /^(arn:[\w-]+:lambda:)?([a-z]{2,4}-(?:[a-z]+-){1,2}\d:)?(\d{12}:)?(function:)?([\w-]+)(:(\$LATEST|[\w-]+))?$/;
const statistic = /^((p|tm|wm|tc|ts)(\d{1,2}(\.\d{1,2})?|100)|IQM|(TM|WM|PR|TC|TS)\((\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\))$/;

const validators: readonly Validator[] = [
  pattern(/is an invalid ARN/, /^$|^arn:[\w-]+:[\w-]*:[\w-]*:\d*[\w-]*:.+/, (text) => `"${text}" is an invalid ARN: arn: invalid prefix`),
  pattern(/is not a valid CIDR block|with err: invalid CIDR address/, cidr, notCidr),
  {
    message: /to contain a network Value with between (\d+) and (\d+) significant bits/,
    refuse: (text, [, least = "0", most = "0"]) => {
      const bits = Number(text.split("/")[1]);
      return bits >= Number(least) && bits <= Number(most)
        ? undefined
        : `expected a network with between ${least} and ${most} significant bits, got: ${text}`;
    },
  },
  {
    message: /valid (IPv[46]) CIDR that represents a network address/,
    refuse: (text, [, family = ""]) =>
      cidr.test(text) && text.includes(":") === (family === "IPv6") && startsItsNetwork(text)
        ? undefined
        : `Invalid Attribute Value. value must be a valid ${family} CIDR that represents a network address, got: ${text}`,
  },
  {
    message: /to contain a valid IP, got/,
    refuse: (text) => (isIP(text) === 0 ? `expected value to contain a valid IP, got: ${text}` : undefined),
  },
  {
    message: /to contain a valid IPv([46]) address/,
    refuse: (text, [, family]) => (String(isIP(text)) === family ? undefined : `expected a valid IPv${family} address, got: ${text}`),
  },
  {
    message: /invalid JSON policy/,
    refuse: (text) =>
      isJson(text) ? undefined : `contains an invalid JSON policy: ${text === "" ? "an empty string" : "not a JSON object"}`,
  },
  { message: /invalid JSON/, refuse: (text) => (text === "" || isJson(text, false) ? undefined : "contains an invalid JSON document") },
  {
    message: /container_definitions is invalid/,
    refuse: (text) =>
      text === "" || isJson(text) ? undefined : "ECS Task Definition container_definitions is invalid: not a JSON document",
  },
  {
    message: /expected value to have prefix (\S+), got/,
    refuse: (text, [, prefix = ""]) =>
      text === "" || text.startsWith(prefix) ? undefined : `expected value to have prefix ${prefix}, got ${text}`,
  },
  {
    message: /cannot be (?:longer|greater) than (\d+) characters/,
    refuse: (text, [, most = "0"]) => (text.length <= Number(most) ? undefined : `cannot be longer than ${most} characters: "${text}"`),
  },
  {
    message: /(?:string length must be between|expected length of value to be in the range) \(?(\d+) (?:and|-) (\d+)/,
    refuse: (text, [, least = "0", most = "0"]) => between(text, Number(least), Number(most)),
  },
  pattern(/must not be empty/, /./s, () => "must not be empty"),
  {
    message: /value (?:to|must) be at least \(?(-?[\d.]+)/,
    refuse: (text, [, least = "0"]) =>
      Number(text) >= Number(least) ? undefined : `expected value to be at least (${least}), got ${text}`,
  },
  {
    message: /value (?:to be at|must be) between \(?(-?\d+)\)? and \(?(\d+)/,
    refuse: (text, [, least = "0", most = "0"]) =>
      text === "" || (Number(text) >= Number(least) && Number(text) <= Number(most))
        ? undefined
        : `expected value to be between ${least} and ${most}, got ${text}`,
  },
  {
    message: /cannot parse '.*' as (int|float)/,
    refuse: (text, [, kind = ""]) => (Number.isFinite(Number(text)) ? undefined : `cannot parse '${text}' as ${kind}: invalid syntax`),
  },
  {
    message: /to be one of \[([\d ]+)\], or expected value to be divisible by (\d+)/,
    refuse: (text, [, choices = "", divisor = "1"]) =>
      choices.split(" ").includes(text) || Number(text) % Number(divisor) === 0
        ? undefined
        : `expected value to be one of [${choices}] or divisible by ${divisor}, got ${text}`,
  },
  { message: /expected "value" to be a valid port number, got/, refuse: (text) => port(text, 1) },
  { message: /expected "value" to be a valid port number or 0/, refuse: (text) => port(text, 0) },
  {
    message: /must be a valid port number \(1-65536\) or "traffic-port"/,
    refuse: (text) =>
      text === "traffic-port" || port(text, 1) === undefined
        ? undefined
        : `must be a valid port number (1-65536) or "traffic-port", got ${text}`,
  },
  {
    message: /must be in the range 1-50000 for normal rule/,
    refuse: (text) =>
      Number(text) === 99_999 || (Number(text) >= 1 && Number(text) <= 50_000)
        ? undefined
        : `must be in the range 1-50000 for normal rule or 99999 for the default rule, got ${text}`,
  },
  {
    message: /must be an integer(?: between (\d+) and (\d+))? or 'off'/,
    refuse: (text, [, least = "0", most = "2147483647"]) =>
      text === "off" || (/^\d+$/.test(text) && Number(text) >= Number(least) && Number(text) <= Number(most))
        ? undefined
        : `must be an integer from ${least} to ${most} or 'off', got ${text}`,
  },
  pattern(/AWS Account ID/i, /^\d{12}$/, (text) => `"${text}" doesn't look like AWS Account ID (exactly 12 digits)`),
  pattern(/doesn't look like AWS Region/, /^[a-z]{2}(-[a-z]+)+-\d+$/, (text) => `"${text}" doesn't look like AWS Region`),
  {
    // Some types let an empty name through; what they say of a bad one quotes it.
    message: /only (lowercase )?alphanumeric characters and hyphens allowed in "value"(:)?/,
    refuse: (text, [, lower, quoting]) =>
      ((lower ? /^[0-9a-z-]+$/ : /^[0-9A-Za-z-]+$/).test(text) && !/^-|-$/.test(text)) || (text === "" && quoting !== undefined)
        ? undefined
        : `only ${lower ?? ""}alphanumeric characters and hyphens allowed, not at either end: "${text}"`,
  },
  pattern(
    /only alphanumeric characters and \/_\+=\.@- special/,
    /^[\w/+=.@-]+$/,
    described("only alphanumeric characters and /_+=.@- are allowed"),
  ),
  pattern(/must match \[\\w\+=,\.@-\]/, /^[\w+=,.@-]*$/, described("must match [\\w+=,.@-]")),
  pattern(/must consist of alphanumerics, hyphens, and underscores/, /^[\w-]+$/, described("alphanumerics, hyphens and underscores")),
  {
    message: /^(expected value to be one of )?.*\(invalid statistic/,
    refuse: (text, [, named]) =>
      statistic.test(text) || (named !== undefined && /^(SampleCount|Average|Sum|Minimum|Maximum)$/.test(text))
        ? undefined
        : `invalid value for ${text} (invalid statistic)`,
  },
  // As loose as the provider's own: one other character is enough.
  pattern(/must not contain colon characters/, /[^:]/, described("must not contain colon characters")),
  pattern(/must be valid function name or function ARN/, functionName, described("must be valid function name or function ARN")),
  pattern(/must be a valid action/, /^(lambda:\*|lambda:[A-Za-z]+|\*)$/, described("must be a valid action (usually starts with lambda:)")),
  pattern(/must contain alphanumeric, underscores or dashes only/, /^[\w-]+$/, described("alphanumeric, underscores or dashes only")),
  pattern(/must contain alphanumeric, periods, underscores/, /^[\w.-]+$/, described("alphanumeric, periods, underscores or dashes only")),
  pattern(/must contain alphanumeric, dollar signs/, /^[\w$-]+$/, described("alphanumeric, dollar signs, underscores or dashes only")),
  pattern(/must contain alphanumeric characters, underscores, hyphens, slashes/, /^[\w./#-]+$/, described("no log group name")),
  pattern(/must start with '\/mnt\/'/, /^\/mnt\/[\w.-]+$/, described("must start with '/mnt/'")),
  pattern(/cannot start or end with a slash/, /^[^:*/]+(\/[^:*/]+)*$/, described("no colon or asterisk, no slash at either end")),
  pattern(/API_TaskDefinition/, /^[\w-]+$/, described("alphanumerics, hyphens and underscores")),
  pattern(
    /only lowercase letters, numbers, underscores and hyphens/,
    /^[a-z0-9_][a-z0-9_-]*$/,
    described("lower-case letters, numbers, underscores and hyphens"),
  ),
  pattern(/only letters, numbers, and special characters \(\._\*-\)/, /^[\w.*-]+$/, described("letters, numbers and ._*-")),
  pattern(/must begin with 'alias\/'/, /^alias\/[\w/-]+$/, (text) => `"${text}" must begin with 'alias/' and only contain [0-9A-Za-z_/-]`),
  pattern(/isn't a valid log metric name/, /^[^:*]+$/, (text) => `"${text}" isn't a valid log metric name (neither colon nor asterisk)`),
  pattern(
    /isn't a valid log group name nor an ARN/,
    /^$|^[\w./#-]{1,512}$|^arn:[\w-]+:/,
    (text) => `"${text}" isn't a valid log group name nor an ARN`,
  ),
  pattern(
    /isn't a valid log group name/,
    /^[\w./#-]{1,512}$/,
    (text) =>
      `"${text}" isn't a valid log group name (alphanumeric characters, underscores, hyphens, slashes, hash signs and dots are allowed)`,
  ),
  pattern(
    /RFC ?3339/i,
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
    (text) => `"${text}" cannot be parsed as RFC3339 Timestamp Format`,
  ),
  pattern(
    /one of '', 'true', or 'false'/,
    /^(true|false)?$/,
    (text) => `expected value to be one of '', 'true', or 'false', got '${text}'`,
  ),
  pattern(/32-character hexadecimal string/, /^[0-9a-f]{32}$/i, (text) => `value must be a 32-character hexadecimal string, got "${text}"`),
  {
    message: /(?:to match regular expression|doesn't comply with restrictions) \(?"((?:[^"\\]|\\.)*)"/,
    refuse: (text, [, source = ""]) => matches(text, JSON.parse(`"${source}"`) as string),
  },
];

/** Why the provider refuses the value, or undefined. Each message stands for a rule of its own. */
export function refusalOf(messages: string | readonly string[] | undefined, value: Value): string | undefined {
  if (messages === undefined || value === null || typeof value === "object") return undefined;
  const text = String(value);
  for (const message of typeof messages === "string" ? [messages] : messages) {
    const refused = ruleOf(message)?.(text);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

type Rule = (text: string) => string | undefined;

const rules = new Map<string, Rule | undefined>();

/** The rule that a message stands for. Facts have a few hundred messages, and a stack's values ask for them thousands of times. */
function ruleOf(message: string): Rule | undefined {
  if (!rules.has(message)) rules.set(message, findRule(message));
  return rules.get(message);
}

function findRule(message: string): Rule | undefined {
  for (const { message: pattern, refuse } of validators) {
    const found = message.match(pattern);
    if (found !== null) return (text) => refuse(text, found);
  }
  return undefined;
}

function matches(text: string, source: string): string | undefined {
  let pattern: RegExp;
  try {
    pattern = new RegExp(source);
  } catch {
    return undefined; // Go syntax that JavaScript does not share
  }
  return pattern.test(text) ? undefined : `expected value to match regular expression "${source}", got ${text}`;
}

function between(text: string, least: number, most: number): string | undefined {
  const length = [...text].length;
  return length >= least && length <= most ? undefined : `string length must be between ${least} and ${most}, got ${length}`;
}

function port(text: string, lowest: number): string | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number >= lowest && number <= 65_535 ? undefined : `expected a valid port number, got ${text}`;
}

/** @param composite a bare number or word is no document */
function isJson(text: string, composite = true): boolean {
  try {
    return typeof JSON.parse(text) === "object" || !composite;
  } catch {
    return false;
  }
}

/** `10.0.0.0/8` but not `10.0.0.1/8`. IPv6 blocks are taken as they are. */
function startsItsNetwork(block: string): boolean {
  if (block.includes(":")) return true;
  const [address = "", bits = "32"] = block.split("/");
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return number % 2 ** (32 - Number(bits)) === 0;
}
