/** AWS's query protocol: a form with dotted names in, XML out. */

/** `Actions.member.1.Type=forward` as `{ Actions: [{ Type: "forward" }] }`. Every value is text. */
export function fieldsOf(parameters: URLSearchParams): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of parameters) {
    const path = name.split(".").filter((part) => part !== "member");
    const last = path.pop() ?? "";
    let holder = fields;
    for (const part of path) {
      const inner = (holder[part] ?? {}) as Record<string, unknown>;
      holder[part] = inner;
      holder = inner;
    }
    holder[last] = value;
  }
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, withLists(value)]));
}

/** An object whose keys are 1, 2, 3 … is a list. */
function withLists(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withLists(item)] as const);
  return entries.every(([key]) => /^\d+$/.test(key)) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/** Answer of an operation. */
export function xmlOf(operation: string, output: object): string {
  const id = `<ResponseMetadata><RequestId>${crypto.randomUUID()}</RequestId></ResponseMetadata>`;
  return `<${operation}Response><${operation}Result>${element(output)}</${operation}Result>${id}</${operation}Response>`;
}

function element(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${element(item)}</member>`).join("");
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) return escaped(String(value));
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `<${key}>${element(item)}</${key}>`)
    .join("");
}

/** Text as the content of an XML element. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
