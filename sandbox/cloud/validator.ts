/**
 * Single-value rules, recovered from what the provider says of a nonsense value: the facts carry the message, and each
 * message below stands for one well-known validator.
 */
import type { Value } from "../provider/values.ts";

interface Validator {
  readonly message: RegExp;
  /** The refusal, or undefined when the value is good. `found` is the match of `message`. */
  readonly refuse: (text: string, found: RegExpMatchArray) => string | undefined;
}

const cidr = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$|^[0-9a-f:]+\/\d{1,3}$/i;

const validators: readonly Validator[] = [
  {
    message: /is an invalid ARN/,
    refuse: (text) =>
      /^arn:[\w-]+:[\w-]*:[\w-]*:\d*[\w-]*:.+/.test(text) ? undefined : `"${text}" is an invalid ARN: arn: invalid prefix`,
  },
  {
    message: /is not a valid CIDR block/,
    refuse: (text) => (cidr.test(text) ? undefined : `"${text}" is not a valid CIDR block: invalid CIDR address: ${text}`),
  },
  { message: /invalid JSON/, refuse: (text) => (isJson(text) ? undefined : "contains an invalid JSON document") },
  {
    message: /container_definitions is invalid/,
    refuse: (text) => (isJson(text) ? undefined : "ECS Task Definition container_definitions is invalid: not a JSON document"),
  },
  {
    message: /expected value to have prefix (\S+), got/,
    refuse: (text, [, prefix = ""]) => (text.startsWith(prefix) ? undefined : `expected value to have prefix ${prefix}, got ${text}`),
  },
  {
    message: /cannot be longer than (\d+) characters/,
    refuse: (text, [, most = "0"]) => (text.length <= Number(most) ? undefined : `cannot be longer than ${most} characters: "${text}"`),
  },
  {
    message: /string length must be between (\d+) and (\d+)/,
    refuse: (text, [, least = "0", most = "0"]) => between(text, Number(least), Number(most)),
  },
  { message: /string length must be at most (\d+)/, refuse: (text, [, most = "0"]) => between(text, 0, Number(most)) },
  {
    message: /string length must be at least (\d+)/,
    refuse: (text, [, least = "0"]) => between(text, Number(least), Number.MAX_SAFE_INTEGER),
  },
  {
    message: /expected value to be at least \(([\d.]+)\)/,
    refuse: (text, [, least = "0"]) =>
      Number(text) >= Number(least) ? undefined : `expected value to be at least (${least}), got ${text}`,
  },
  {
    message: /cannot parse '.*' as (int|float)/,
    refuse: (text, [, kind = ""]) =>
      text !== "" && Number.isFinite(Number(text)) ? undefined : `cannot parse '${text}' as ${kind}: invalid syntax`,
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
    message: /doesn't look like AWS Account ID/,
    refuse: (text) => (/^\d{12}$/.test(text) ? undefined : `"${text}" doesn't look like AWS Account ID (exactly 12 digits)`),
  },
  {
    message: /doesn't look like AWS Region/,
    refuse: (text) => (/^[a-z]{2}(-[a-z]+)+-\d+$/.test(text) ? undefined : `"${text}" doesn't look like AWS Region`),
  },
  {
    message: /only (lowercase )?alphanumeric characters and hyphens allowed/,
    refuse: (text, [, lower]) =>
      (lower ? /^[0-9a-z-]+$/ : /^[0-9A-Za-z-]+$/).test(text) && !/^-|-$/.test(text)
        ? undefined
        : `only ${lower ?? ""}alphanumeric characters and hyphens allowed, not at either end: "${text}"`,
  },
  {
    message: /must match \[\\w\+=,\.@-\]/,
    refuse: (text) => (/^[\w+=,.@-]*$/.test(text) ? undefined : `invalid value for ${text} (must match [\\w+=,.@-])`),
  },
  {
    message: /isn't a valid log group name/,
    refuse: (text) =>
      /^[\w./#-]{1,512}$/.test(text)
        ? undefined
        : `"${text}" isn't a valid log group name (alphanumeric characters, underscores, hyphens, slashes, hash signs and dots are allowed)`,
  },
  {
    message: /one of '', 'true', or 'false'/,
    refuse: (text) =>
      ["", "true", "false"].includes(text) ? undefined : `expected value to be one of '', 'true', or 'false', got '${text}'`,
  },
  {
    message: /32-character hexadecimal string/,
    refuse: (text) => (/^[0-9a-f]{32}$/i.test(text) ? undefined : `value must be a 32-character hexadecimal string, got "${text}"`),
  },
  {
    message: /to match regular expression "((?:[^"\\]|\\.)*)"/,
    refuse: (text, [, source = ""]) => matches(text, JSON.parse(`"${source}"`) as string),
  },
  {
    message: /doesn't comply with restrictions \("((?:[^"\\]|\\.)*)"\)/,
    refuse: (text, [, source = ""]) => matches(text, JSON.parse(`"${source}"`) as string),
  },
];

/** Why the provider refuses the value, or undefined. */
export function refusalOf(messages: string | readonly string[] | undefined, value: Value): string | undefined {
  if (messages === undefined || value === null || typeof value === "object") return undefined;
  const text = String(value);
  for (const message of typeof messages === "string" ? [messages] : messages) {
    for (const validator of validators) {
      const found = message.match(validator.message);
      if (found !== null) return validator.refuse(text, found);
    }
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

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}
