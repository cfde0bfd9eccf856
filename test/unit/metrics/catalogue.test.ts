/** What CloudWatch calls a metric stands in `components/metrics` and nowhere else in the product. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reachabilityMetrics } from "../../../components/metrics/slipway.ts";
import { metricLine } from "../../../components/probes/functions/reachability.mjs";

const root = join(import.meta.dirname, "../../..");

/** Texts of a file, without comments. */
function textsIn(path: string): string[] {
  const source = readFileSync(join(root, path), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
  return [...source.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`$]*)`/g)].map(([, ...texts]) => texts.join(""));
}

const isNamespace = (text: string) => /^(?:AWS|ECS|Slipway)\/\w+$/.test(text);
/** Amazon's own style: `CPUUtilization`, `HTTPCode_Target_5XX_Count`, `5xxErrorRate`. Keys, types and units of ours are not. */
const isMetricName = (text: string) => /^(?:[A-Z]|\d(?=xx))[A-Za-z\d_%]*[a-z\d%][A-Z_%][\w%]*$|^[A-Z]{2,}[a-z]\w+$/.test(text);

/** They run by themselves in Lambda and import nothing; that they write what the catalogue reads is tested below. */
const alone = ["components/probes/functions/reachability.mjs"];

const catalogue = globSync("components/metrics/*.ts", { cwd: root });
const others = globSync("{components,infra,ops,rehearsal,tools}/**/*.{ts,mjs}", { cwd: root }).filter(
  (path) => !catalogue.includes(path) && !alone.includes(path),
);
const names = new Set(catalogue.flatMap(textsIn).filter((text) => isNamespace(text) || isMetricName(text)));

test("the catalogue has what alarms and dashboards are about", () => {
  for (const name of ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "CPUUtilization", "5xxErrorRate", "EBSByteBalance%", "AWS/Backup"])
    expect(names, name).toContain(name);
});

test("no namespace and no metric's name stands outside of it", () => {
  const found = others.flatMap((path) =>
    textsIn(path)
      .filter((text) => isNamespace(text) || names.has(text))
      .map((text) => `${path}: ${text}`),
  );
  expect(found).toEqual([]);
});

test("the function that asks from inside writes the catalogue's metrics", () => {
  const line = JSON.parse(metricLine("shop-prod", "main", { reachable: true, milliseconds: 3 }, 1)) as {
    _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  };
  const [written] = line._aws.CloudWatchMetrics;
  const { reachable, answerTime } = reachabilityMetrics("shop-prod", "main");
  expect(written?.Namespace).toBe(reachable.namespace);
  expect(written?.Dimensions).toEqual([Object.keys(reachable.dimensions ?? {})]);
  expect(written?.Metrics.map(({ Name }) => Name)).toEqual([reachable.name, answerTime.name]);
});
