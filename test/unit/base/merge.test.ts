/** What a stack file and its bases come to, and where each value is from. */
import { expect, test } from "vitest";
import { readStackFile } from "../../../infra/config/stackFile.ts";
import { ProjectFolder } from "../../harness/projectFolder.ts";

const base = `
  config:
    slipway:system: shop
    slipway:protect: true
    slipway:network:
      zones: [us-east-1a, us-east-1b]
      natGateways: single
      flowLogs: {retentionDays: 30}
    slipway:budget: {monthlyUsd: 100}
`;

function read(files: Readonly<Record<string, string>>) {
  using folder = new ProjectFolder({ "base.yaml": base, ...files });
  return readStackFile(folder.file("Pulumi.staging.yaml"));
}

test("maps merge, lists and values replace, null takes a key of the base away", () => {
  const { raw, problems } = read({
    "Pulumi.staging.yaml": `
      config:
        slipway:base: base.yaml
        slipway:protect: "false"
        slipway:network:
          zones: [us-east-1c]
          flowLogs: null
          cidr: 10.0.0.0/16
        slipway:budget: null
    `,
  });
  expect(problems).toEqual([]);
  expect(raw).toEqual({ system: "shop", protect: false, network: { zones: ["us-east-1c"], natGateways: "single", cidr: "10.0.0.0/16" } });
});

test("of several bases the later lies over the earlier", () => {
  const { raw } = read({
    "regions/us.yaml": "config: {slipway:network: {natGateways: perZone, flowLogs: null}, slipway:budget: {currency: EUR}}",
    "Pulumi.staging.yaml": "config: {slipway:base: [base.yaml, regions/us.yaml], slipway:system: blog}",
  });
  expect(raw).toEqual({
    system: "blog",
    protect: true,
    network: { zones: ["us-east-1a", "us-east-1b"], natGateways: "perZone" },
    budget: { monthlyUsd: 100, currency: "EUR" },
  });
});

test("what Pulumi.yaml says of Slipway lies over the base, as the engine has it, and under the stack file", () => {
  const { raw, originOf } = read({
    "Pulumi.yaml": `
      name: slipway
      runtime: nodejs
      config:
        protect: {type: boolean, default: false}
        slipway:budget: {value: {monthlyUsd: 7}}
        system: {type: string, default: blog}
        aws:region: us-east-1
    `,
    "Pulumi.staging.yaml": "config: {slipway:base: base.yaml, slipway:system: forum}",
  });
  expect(raw).toMatchObject({ system: "forum", protect: false, budget: { monthlyUsd: 7 } });
  expect(originOf(["protect"])).toEqual({ file: "Pulumi.yaml", line: 4, path: ["protect"] });
});

test("a key that Pulumi.yaml asks of the stack file cannot be in a base alone, and one that it sets is told of", () => {
  const { problems } = read({
    "Pulumi.yaml":
      "name: slipway\nconfig:\n  network: {type: object}\n  protect: {type: boolean, default: false}\n  caches: {type: object, default: {}}\n  system: {type: string}\n",
    "Pulumi.staging.yaml": "environment: [shop/staging]\nconfig: {slipway:base: base.yaml, slipway:system: shop}",
  });
  expect(problems.map(({ path, at, found, severity }) => [path.join("."), `${at?.file}:${at?.line}`, found, severity ?? "error"])).toEqual([
    ["network", "Pulumi.yaml:3", "is asked of Pulumi.staging.yaml itself, and is in base.yaml", "error"],
    ["protect", "Pulumi.yaml:4", "is set for every stack, over what base.yaml says", "warning"],
    ["base", "Pulumi.staging.yaml:1", "is under the environments that the stack file imports, which only the engine can read", "warning"],
  ]);
});

test("without a base nothing is taken away: an empty key is a mistake", () => {
  expect(read({ "Pulumi.staging.yaml": "config: {slipway:system: shop, slipway:network: {zones: null}}" }).raw).toEqual({
    system: "shop",
    network: { zones: null },
  });
});

test("each value has a file and a line, what is missing those of the nearest thing above", () => {
  const { originOf } = read({
    "Pulumi.staging.yaml": "config:\n  slipway:base: base.yaml\n  slipway:network:\n    zones: [us-east-1c]\n    flowLogs: null\n",
  });
  const places = [
    ["system"],
    ["network"],
    ["network", "zones", 0],
    ["network", "natGateways"],
    ["network", "flowLogs", "retentionDays"],
    ["dns"],
  ];
  expect(places.map(originOf)).toEqual([
    { file: "base.yaml", line: 2, path: ["system"] },
    { file: "Pulumi.staging.yaml", line: 3, path: ["network"] },
    { file: "Pulumi.staging.yaml", line: 4, path: ["network", "zones", 0] },
    { file: "base.yaml", line: 6, path: ["network", "natGateways"] },
    { file: "Pulumi.staging.yaml", line: 5, path: ["network", "flowLogs"] },
    undefined,
  ]);
});

test("a command sets a value where it stands, and removes it wherever it stands", () => {
  const { filesOf } = read({
    "Pulumi.staging.yaml": "config:\n  slipway:base: base.yaml\n  slipway:system: blog\n  slipway:network: {natGateways: single}\n",
  });
  expect(filesOf(["system"])).toEqual(["Pulumi.staging.yaml", "base.yaml"]);
  expect(filesOf(["network", "natGateways"])).toEqual(["Pulumi.staging.yaml", "base.yaml"]);
  expect(filesOf(["network", "zones", 7])).toEqual(["base.yaml"]);
  expect(filesOf(["network", "zones", 0])).toEqual(["base.yaml"]);
  expect(filesOf(["network", "cidr"])).toEqual([]);
});

test("scalars at the top are what the engine makes of them", () => {
  const { raw } = read({
    "Pulumi.staging.yaml": 'config: {slipway:system: 12, slipway:environment: 1.50, slipway:protect: "true", slipway:dns: "[x]"}',
  });
  expect(raw).toEqual({ system: "12", environment: "1.5", protect: true, dns: "[x]" });
});
