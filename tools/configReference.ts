/** The reference of every config key, as Markdown, made from the same schemas that check the values. */
import { choicesOf, type Shape } from "../components/contract/shape.ts";
import { areaNames } from "../components/environment/contract.ts";
import { shapeOfArea } from "../infra/config/areaShape.ts";

interface Row {
  readonly path: string;
  readonly shape: Shape;
  readonly required: boolean;
}

/** How stacks share what they have in common. */
const base = [
  "## A base",
  "",
  "What stacks share stands once, in a base: a YAML file beside the stack files and in their shape, which `slipway:base` names.",
  "",
  "```yaml",
  "# base.yaml",
  "config:",
  "  slipway:network:",
  "    natGateways: single",
  "    interfaceEndpoints: [logs, kms]",
  "    flowLogs: {retentionDays: 30}",
  "",
  "# Pulumi.production.yaml",
  "config:",
  "  slipway:base: base.yaml # or a list of files, the later over the earlier",
  "  slipway:network:",
  "    natGateways: perZone # in place of single",
  "    interfaceEndpoints: [] # a list takes the place of the base's, whole",
  "    flowLogs: null # takes the base's away",
  "```",
  "",
  "- The stack's values lie over the base's by JSON Merge Patch (RFC 7386): maps merge, lists and values replace, `null` takes away. For a",
  '  whole area, `slipway:budget: ""` does the same and the engine does not warn of it.',
  "- Every message says in which file and line a value stands, and its command changes that file: `--config-file base.yaml` for a base,",
  "  with the stacks that share it. An element of a base's list is set there, or the whole list in the stack file: `pulumi config set --path",
  "  'slipway:network.zones[0]' …` on a stack file without that list would leave a list of one. `slipway pulumi config set` refuses it;",
  "  of plain `pulumi`, `config show` tells where a list takes the place of another.",
  "- A base holds plain values of Slipway: nothing encrypted (`pulumi config set --secret` on the stack), no key of another provider, no",
  "  anchors, no base of its own. It is in the folder of the stack file or below it.",
  "- The program reads the base beside its project's `Pulumi.yaml`, also under plain `pulumi up`, and with `--config-file` of another",
  "  folder, unless `SLIPWAY_STACK_FILE` names that file. What the engine itself puts together (the stack file, environments of Pulumi ESC,",
  "  `config` in `Pulumi.yaml`) lies over the base. Declare no key of Slipway in `Pulumi.yaml`: a default there goes before a base, and a key",
  "  without one is asked of the stack file itself. `config show` warns of both, and of environments, which it cannot read.",
];

/** The whole reference. */
export function configReference(): string {
  const areas = areaNames.map((name) => {
    const shape = shapeOfArea(name);
    const rows = rowsOf(name, shape, !("default" in shape));
    const lines = rows.map(
      (row) =>
        `| ${[`\`${row.path}\``, allowedIn(row.shape), defaultOf(row), cell(row.shape.description ?? "").replaceAll("*", "\\*")].join(" | ")} |`,
    );
    return [`## ${name}`, "", "| Key | Value | Default | What it is |", "|---|---|---|---|", ...lines].join("\n");
  });
  return [
    "# Config of a stack",
    "",
    "Every key of `Pulumi.<stack>.yaml`, below `config:` with `slipway:` in front. `<name>` stands for a name of your choice, `[]` for",
    "every element of a list. Made from the contracts by `npm run schema`; do not edit.",
    "",
    "- See what a stack's files come to after defaults, each value with the file and line that it is from: `npx slipway config show staging`.",
    "- See how two stacks differ: `npx slipway config diff staging production`.",
    "- Set a value: `pulumi config set --path 'slipway:services.api.release.candidateWeight' 5`, or edit the file; an editor with the",
    "  YAML language server completes keys and marks mistakes.",
    "- A mistake is refused before anything is changed, with the line, the value, what is allowed and the command that fixes it.",
    "",
    ...base,
    "",
    areas.join("\n\n"),
    "",
  ].join("\n");
}

function rowsOf(path: string, shape: Shape, required: boolean): Row[] {
  const own: Row = { path, shape, required };
  if (shape.oneOf !== undefined) return [own, ...withoutRepeats(shape.oneOf.flatMap((option) => childrenOf(path, option)))];
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

/** Options of a choice share keys; those that differ in what is allowed are kept, each with its own line. */
function withoutRepeats(rows: readonly Row[]): Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.path} ${JSON.stringify({ ...row.shape, const: undefined })}`;
    const earlier = seen.get(key);
    const values = [earlier?.shape.const, row.shape.const].filter((value) => value !== undefined);
    seen.set(key, earlier !== undefined && values.length > 1 ? { ...row, shape: { ...withoutConstant(row.shape), enum: values } } : row);
  }
  return [...seen.values()];
}

function withoutConstant({ const: _, ...shape }: Shape): Shape {
  return shape;
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
