/** EventBridge's event patterns: exact values at any depth, which is all that alarms and schedules need here. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Whether an event matches a pattern. Pure.
 * @throws Error for an operator that is not simulated, such as `prefix`
 */
export function matches(pattern: Json, event: Json | undefined): boolean {
  if (!isObject(pattern)) throw new Error(`an event pattern holds objects and lists, not ${JSON.stringify(pattern)}`);
  if (!isObject(event)) return false;
  return Object.entries(pattern).every(([key, wanted]) => {
    const value = event[key];
    if (!Array.isArray(wanted)) return matches(wanted, value);
    const operator = wanted.find((item) => isObject(item));
    if (operator !== undefined) throw new Error(`the sandbox does not simulate the event pattern ${JSON.stringify(operator)}`);
    return (Array.isArray(value) ? value : [value]).some((item) => item !== undefined && wanted.includes(item as Json));
  });
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
