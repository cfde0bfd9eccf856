/** Tables of fields, as Markdown, made from the schemas that check the values: of the config's areas and of components' contracts. */
import { choicesOf, type Shape } from "../components/contract/shape.ts";

/** One field, or one key of a config. */
export interface Row {
  readonly path: string;
  readonly shape: Shape;
  readonly required: boolean;
  /** Shapes of a choice that have it, such as `provider: cloudflare`. @default all */
  readonly only?: readonly string[];
}

/** A row for each field. */
export function fieldTable(rows: readonly Row[], first: string): string {
  const lines = rows.map((row) => `| ${[`\`${row.path}\``, allowedIn(row.shape), defaultOf(row), whatItIs(row)].join(" | ")} |`);
  return [`| ${first} | Value | Default | What it is |`, "|---|---|---|---|", ...lines].join("\n");
}

/** What is below a contract that is itself no field. */
export function fieldsOf(shape: Shape): Row[] {
  const rows = shape.oneOf === undefined ? childrenOf("", shape) : optionsOf("", shape.oneOf);
  return rows.map((row) => ({ ...row, path: row.path.replace(/^\./, "") }));
}

/** A place, and all below it. */
export function rowsOf(path: string, shape: Shape, required: boolean): Row[] {
  const own: Row = { path, shape, required };
  if (shape.oneOf !== undefined) return [own, ...optionsOf(path, shape.oneOf)];
  return [own, ...childrenOf(path, shape)];
}

function childrenOf(path: string, shape: Shape): Row[] {
  const named = Object.entries(shape.properties ?? {}).flatMap(([key, child]) =>
    rowsOf(`${path}.${key}`, child, shape.required?.includes(key) === true),
  );
  const free = typeof shape.additionalProperties === "object" ? rowsOf(`${path}.<name>`, shape.additionalProperties, false) : [];
  const items = shape.items?.type === "object" || shape.items?.oneOf !== undefined ? childrenOf(`${path}[]`, shape.items) : [];
  return [...named, ...free, ...items];
}

/** What is below the shapes of a choice, each marked by what decides between them. */
function optionsOf(path: string, options: readonly Shape[]): Row[] {
  const [first] = options;
  const decides = Object.keys(first?.properties ?? {}).find((key) =>
    options.every((option) => option.properties?.[key]?.const !== undefined),
  );
  const rows = options.flatMap((option) => {
    const below = childrenOf(path, option);
    if (decides === undefined) return below;
    const mark = `\`${decides}: ${String(option.properties?.[decides]?.const)}\``;
    return below.map(
      (row): Row =>
        row.path === `${path}.${decides}` ? row : { ...row, only: row.only?.map((inner) => `${mark} and ${inner}`) ?? [mark] },
    );
  });
  return withoutRepeats(rows).map(({ only, ...row }) => (only === undefined || only.length === options.length ? row : { ...row, only }));
}

/** Options of a choice share keys; those that differ in what is allowed are kept, each with its own line. */
function withoutRepeats(rows: readonly Row[]): Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.path} ${JSON.stringify({ ...row.shape, const: undefined, enum: row.shape.const === undefined ? row.shape.enum : undefined })}`;
    const earlier = seen.get(key);
    const values = [...(earlier?.shape.enum ?? [earlier?.shape.const]), row.shape.const].filter((value) => value !== undefined);
    const only = earlier?.only === undefined || row.only === undefined ? row.only : [...new Set([...earlier.only, ...row.only])];
    const marked = only === undefined ? row : { ...row, only };
    const several = earlier !== undefined && row.shape.const !== undefined && values.length > 1;
    seen.set(key, several ? { ...marked, shape: { ...withoutConstant(row.shape), enum: values } } : marked);
  }
  return [...seen.values()];
}

function withoutConstant({ const: _, ...shape }: Shape): Shape {
  return shape;
}

function whatItIs({ shape: { description = "" }, only }: Row): string {
  const text = cell(description).replaceAll("*", "\\*");
  return only === undefined ? text : `${text}${text === "" ? "" : " "}(only with ${only.join(" or ")})`;
}

function allowedIn(shape: Shape): string {
  const choices = choicesOf(shape);
  if (choices !== undefined) return choices.map(code).join(", ");
  if (shape.oneOf !== undefined) return "one of the shapes below";
  if (shape.type === "array") return `list of ${shape.items === undefined ? "values" : plural(shape.items)}`;
  if (shape.type === "object") return "map";
  if (shape.type === "integer" || shape.type === "number") return range(shape);
  return shape.type === "boolean" ? "`true`, `false`" : "text";
}

function plural(items: Shape): string {
  if (items.enum !== undefined) return items.enum.map(code).join(", ");
  return items.type === "object" ? "maps" : items.type === "integer" || items.type === "number" ? "numbers" : "texts";
}

function range({ minimum, maximum }: Shape): string {
  const whole = (value: number | undefined) =>
    value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value.toLocaleString("en");
  const [from, to] = [whole(minimum), whole(maximum)];
  if (from === undefined || to === undefined) return "number";
  return `${from} to ${to}`;
}

function defaultOf({ shape, required }: Row): string {
  if (required) return "**required**";
  return shape.default === undefined ? "none" : code(shape.default);
}

function code(value: unknown): string {
  return `\`${cell(typeof value === "string" ? value : JSON.stringify(value))}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
