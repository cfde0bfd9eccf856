/** Slipway's keys in a file of config, and their values as the program gets them. */
import { isRecord } from "./yamlFile.ts";

/** Prefix of Slipway's keys in a stack file, whatever the Pulumi project that runs it is called. */
export const keyPrefix = "slipway:";

/** Slipway's values among others, by key without the prefix. @param values by key as a file or the engine has it */
export function ownValues(values: unknown): Record<string, unknown> {
  const entries = isRecord(values) ? Object.entries(values) : [];
  return Object.fromEntries(
    entries.filter(([key]) => key.startsWith(keyPrefix)).map(([key, value]) => [key.slice(keyPrefix.length), value]),
  );
}

/**
 * The value of a top-level key in a file as the program gets it: the engine keeps scalars as text, so that `yes: 12` and `"12"` are
 * the same, and hands nothing over as an empty text, which it means to change. Encrypted values are a placeholder: outside the engine nobody can read them.
 */
export function fileValue(value: unknown): unknown {
  return typeof value === "object" && value !== null ? withoutSecrets(value) : engineValue(value === null ? "" : String(value));
}

/** The value that the engine hands over as text: scalars as they are, everything else as JSON. */
export function engineValue(text: string): unknown {
  if (text === "" || text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a value is encrypted: a map that holds `secure` and nothing else. */
export function isSecret(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

/** Whether a value is encrypted, or something in it. */
export function holdsSecret(value: unknown): boolean {
  return isSecret(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret));
}

function withoutSecrets(value: unknown): unknown {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)])) : value;
}
