/** A value that a contract takes is one that the provider takes: every bound and every choice of the config, as far as the facts know the provider. */
import "../harness/quickSdk.ts"; // first: it changes the SDK that the program imports
import { expect, test } from "vitest";
import { choicesOf, type Shape } from "../../components/contract/shape.ts";
import { shapeAtPath } from "../../infra/config/areaShape.ts";
import { examine } from "../../infra/config/parse.ts";
import { declare } from "../../infra/program.ts";
import { apiOnCluster } from "../harness/cluster.ts";
import { type Edits, parse, rawConfig, setAt } from "../harness/config.ts";
import { dataStores } from "../harness/dataStack.ts";
import { behindAwsWaf, behindCloudflare } from "../harness/edge/declared.ts";
import { graphOf } from "../harness/graph.ts";

type Path = readonly (string | number)[];

/** A number or a choice, and the values at the ends of what it may be. */
interface Bounded {
  readonly path: Path;
  readonly values: readonly (string | number | boolean)[];
}

/** Places below a value whose values have bounds or choices, those that are left to their default included. */
function boundedIn(shape: Shape | undefined, value: unknown, path: Path, whole: unknown): Bounded[] {
  if (shape === undefined) return [];
  const choices = choicesOf(shape) ?? (shape.type === "boolean" ? [true, true, false] : undefined);
  if (choices !== undefined) return [{ path, values: choices }];
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = shape;
  if (shape.type === "integer" || shape.type === "number")
    return minimum > Number.MIN_SAFE_INTEGER && maximum < Number.MAX_SAFE_INTEGER ? [{ path, values: [minimum, maximum] }] : [];
  const keys = Array.isArray(value)
    ? [...value.keys()]
    : [...new Set([...Object.keys(shape.properties ?? {}), ...Object.keys(value ?? {})])];
  return keys.flatMap((key) => {
    const at = [...path, key];
    return boundedIn(shapeAtPath(at, whole), (value as Record<string | number, unknown> | undefined)?.[key], at, whole);
  });
}

const stacks: Readonly<Record<string, Edits>> = {
  "as it is": {},
  "with data stores": dataStores,
  "on a cluster": apiOnCluster,
  "behind Cloudflare": behindCloudflare,
  "behind AWS WAF": behindAwsWaf,
};

test.each(Object.keys(stacks))("case 47 each bound and each choice of a stack %s is one that the providers take", async (name) => {
  const start = rawConfig("bench/production", structuredClone(stacks[name]));
  const all = Object.keys(examine(start).config).flatMap((area) =>
    boundedIn(shapeAtPath([area], start[area]), start[area], [area], start[area]),
  );
  let tried = 0;
  for (let round = 0; round < 4; round++) {
    // As many at once as agree with each other: a graph costs a hundred times what a look at the config does.
    const raw = structuredClone(start);
    for (const { path, values } of all) {
      if (round >= Math.max(2, values.length)) continue;
      const trial = structuredClone(raw);
      setAt(trial, path, values[round % values.length]);
      if (examine(trial).problems.length > 0) continue;
      setAt(raw, path, values[round % values.length]);
      tried += 1;
    }
    await expect(
      graphOf(() => declare(parse(raw))),
      `round ${round}`,
    ).resolves.toBeInstanceOf(Array);
  }
  console.log(`${name}: ${all.length} places, ${tried} bounds and choices`);
  expect(tried).toBeGreaterThan(100);
});
