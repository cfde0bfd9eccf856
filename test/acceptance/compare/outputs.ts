/** Compares the states: which outputs there are, and what form their values have. */
import { factsOf } from "../../../sandbox/facts/facts.ts";
import { isObject, type Properties, type Value } from "../../../sandbox/provider/values.ts";
import type { Difference, Findings } from "./findings.ts";
import type { Pair } from "./resources.ts";

/** What the real bridge keeps for itself. */
const bookkeeping = new Set(["__meta", "__pulumi_raw_state_delta", "__defaults"]);

/** Every output of every resource, and its id. The values themselves differ: the API server is not AWS. */
export function compareOutputs(pairs: readonly Pair[]): Findings {
  let compared = 0;
  const found = pairs.flatMap(({ type, real, simulated }): Difference[] => {
    const loose = factsOf(type)?.framework === true;
    const bags: readonly [Properties, Properties] = [
      { ...real.outputs, "(id)": real.id },
      { ...simulated.outputs, "(id)": simulated.id },
    ];
    const keys = new Set(bags.flatMap((bag) => Object.keys(bag)));
    return [...keys].flatMap((key) => {
      if (bookkeeping.has(key)) return [];
      compared += 1;
      const [ours, theirs] = [formOf(bags[0][key], loose), formOf(bags[1][key], loose)];
      return ours === theirs ? [] : [{ type, where: key, real: ours, simulated: theirs }];
    });
  });
  const byPlace = new Map(found.map((difference) => [`${difference.type} ${difference.where}`, difference]));
  return { compared, differences: [...byPlace.values()] };
}

/** Form of a value: empty, its type, or for text what kind of text. @param loose an empty property may be absent */
function formOf(value: Value | undefined, loose: boolean): string {
  if (value === undefined) return loose ? "empty" : "absent";
  if (isEmpty(value)) return "empty";
  if (Array.isArray(value)) return `list of ${formOf(value.find((item) => !isEmpty(item)) ?? null, loose)}`;
  if (isObject(value)) return "object";
  return typeof value === "string" ? formOfText(value) : typeof value;
}

/** Nothing that says anything: the provider writes false, 0, "" or nothing at all for what nobody set. */
function isEmpty(value: Value): boolean {
  if (Array.isArray(value)) return value.every(isEmpty);
  if (isObject(value)) return Object.entries(value).every(([key, item]) => key === "__defaults" || isEmpty(item));
  return value === null || value === "" || value === false || value === 0;
}

const forms: readonly (readonly [RegExp, (found: RegExpMatchArray) => string])[] = [
  [
    /^arn:aws:([\w-]+):([\w-]*):(\d*):([\w-]+[:/])?/,
    ([, service, region, account, kind]) =>
      `ARN of ${service}, ${region === "" ? "no region" : "a region"}, ${account === "" ? "no account" : "an account"}, ${kindOf(kind)}`,
  ],
  [/^[{[]/, () => "JSON document"],
  [/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/, () => "time"],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, () => "UUID"],
  [/^([a-z]+)-(?:[0-9a-f]{17}|[0-9a-f]{8})$/, ([, prefix]) => `${prefix} id`],
  [/^(AROA|ANPA)[A-Z0-9]{17}$/, ([, prefix]) => `${prefix} id`],
  [/^\d+(\.\d+){3}$/, () => "IPv4 address"],
  [/^\d+(\.\d+){3}\/\d+$/, () => "IPv4 block"],
  [/^\d+$/, () => "number as text"],
];

/** Kind of thing in an ARN; the name of a topic stands there too, with an ending that each provider draws for itself. */
function kindOf(kind = "plain"): string {
  return kind.replace(/-[0-9a-f]{7}(?=[:/]$)/, "");
}

function formOfText(text: string): string {
  for (const [pattern, form] of forms) {
    const found = text.match(pattern);
    if (found !== null) return form(found);
  }
  return "text";
}
