/** Problems of a stack with a base: each says where the value stands, and mends it there. */
import { expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { readStackFile } from "../../../infra/config/stackFile.ts";
import { resolvedConfig, showConfig, sourcedConfig } from "../../../ops/config/show.ts";
import { refuseBaseElement } from "../../../ops/engine/baseLists.ts";
import { passThrough } from "../../../ops/engine/commands.ts";
import { rawConfig, setAt } from "../../harness/config.ts";
import { ProjectFolder } from "../../harness/projectFolder.ts";

/** The project's own staging, all of it in a base, and a stack file over it. */
function staged(stackFile: string, edits: Readonly<Record<string, unknown>> = {}): ProjectFolder {
  const raw = rawConfig("staging");
  for (const [path, value] of Object.entries(edits)) setAt(raw, path.split("."), value);
  const values = Object.fromEntries(Object.entries(raw).map(([key, value]) => [`slipway:${key}`, value]));
  return new ProjectFolder({
    "base.yaml": stringify({ config: values }),
    "Pulumi.staging.yaml": `config:\n  slipway:base: base.yaml\n${stackFile}`,
  });
}

function errorOf(folder: ProjectFolder): string {
  try {
    resolvedConfig(folder.file("Pulumi.staging.yaml"));
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("a bad value is mended in the file that holds it, a missing one in the stack file", () => {
  using folder = staged("  slipway:network: {natGateways: singel}\n  slipway:services: {api: {port: 99999}}\n", {
    "services.api.cpu": 257,
    "loadBalancer.idleTimeoutSecond": 60,
    "services.web.port": undefined,
  });
  const error = errorOf(folder);
  for (const command of [
    "pulumi config set --stack staging --path 'slipway:network.natGateways' single",
    "pulumi config set --stack staging --path 'slipway:services.api.port' 65535",
    "pulumi config set --stack staging --config-file base.yaml --path 'slipway:services.api.cpu' 256",
    "pulumi config rm --stack staging --config-file base.yaml --path 'slipway:loadBalancer.idleTimeoutSecond'",
    "pulumi config set --stack staging --path 'slipway:services.web.port' VALUE   # with a value of yours",
  ])
    expect(error).toContain(command);
  expect([...error.matchAll(/^ {2}(?:(\S+) )?line \d+ +slipway:(\S+)/gm)].map(([, file, path]) => [file, path])).toEqual([
    [undefined, "network.natGateways"],
    [undefined, "services.api.port"],
    ["base.yaml", "loadBalancer.idleTimeoutSecond"],
    ["base.yaml", "services.api.cpu"],
    ["base.yaml", "services.web.port"],
  ]);
});

test("a base of one stack is no other's to think of", () => {
  using folder = staged("", { "services.api.cpu": 257 });
  expect(errorOf(folder)).not.toContain("is the base of");
  folder.write("Pulumi.production.yaml", "config: {slipway:base: base.yaml}");
  expect(errorOf(folder)).toMatch(/\n\n {2}base\.yaml is the base of production and staging: a change there changes each of them\.$/);
});

test("what both files hold is taken away from both", () => {
  using folder = staged("  slipway:loadBalancer: {idleTimeoutSecond: 61}\n", { "loadBalancer.idleTimeoutSecond": 60 });
  const error = errorOf(folder);
  expect(error).toContain("pulumi config rm --stack staging --path 'slipway:loadBalancer.idleTimeoutSecond'");
  expect(error).toContain("pulumi config rm --stack staging --config-file base.yaml --path 'slipway:loadBalancer.idleTimeoutSecond'");
});

test("an element in place of a base's list is refused with the commands for the whole list", () => {
  using folder = staged("  slipway:network:\n    zones: [null, null, us-east-1f]\n");
  const error = errorOf(folder);
  expect(error).toMatch(
    /^Pulumi\.staging\.yaml has 1 problem:\n\n {2}line 4 +slipway:network\.zones +is \[null,null,"us-east-1f"\], in place of the list in base\.yaml line \d+\n/,
  );
  expect([...error.matchAll(/--path '(.*)' (\S+)$/gm)].map(([, path, value]) => [path, value])).toEqual([
    ["slipway:network.zones[0]", "us-east-1a"],
    ["slipway:network.zones[1]", "us-east-1b"],
    ["slipway:network.zones[2]", "us-east-1f"],
  ]);
});

test("a list that is too short in place of a base's is filled where it stands", () => {
  using folder = staged("  slipway:network:\n    zones: [us-east-1a]\n");
  expect([...errorOf(folder).matchAll(/pulumi config .*$/gm)].map(([command]) => command)).toEqual([
    "pulumi config set --stack staging --path 'slipway:network.zones[1]' VALUE   # with a value of yours",
  ]);
});

test("a problem in a list says that the list takes the place of a base's", () => {
  using folder = staged("  slipway:rollout:\n    steps: [{weight: 10}]\n");
  expect(errorOf(folder)).toMatch(
    /line 4 +slipway:rollout\.steps\[0\]\.bakeMinutes +is missing\n +This list, of 1, takes the place of the one in base\.yaml line \d+, of 4\.\n/,
  );
});

test("the command that would set an element of a base's list is refused before it is run, with the whole list", () => {
  using folder = staged("  slipway:network:\n    interfaceEndpoints: [logs]\n");
  const source = readStackFile(folder.file("Pulumi.staging.yaml"));
  const refuse =
    (...command: string[]) =>
    () =>
      refuseBaseElement(["config", ...command], source);
  expect(refuse("set", "--path", "slipway:rollout.steps[1].weight", "30")).toThrow(
    [
      "  slipway:rollout:",
      "    steps:",
      "      - weight: 5",
      "        bakeMinutes: 10",
      "      - weight: 30",
      "        bakeMinutes: 10",
    ].join("\n"),
  );
  expect(refuse("set", "--path", "slipway:network.zones[0]", "us-east-1f")).toThrow(
    "pulumi config set --stack staging --config-file base.yaml --path 'slipway:network.zones[0]' us-east-1f",
  );
  expect(
    refuse("set-all", "--path", "--plaintext", "slipway:network.cidr=10.0.0.0/16", "--plaintext", "slipway:network.zones[0]=x"),
  ).toThrow(/^slipway:network\.zones is a list of base\.yaml line \d+, and Pulumi\.staging\.yaml has none\. Nothing was written\./);
  for (const words of [
    ["set", "--path", "slipway:network.interfaceEndpoints[1]", "kms"], // its own list
    ["set", "--path", "slipway:network.cidr", "10.0.0.0/16"],
    ["set", "slipway:network.zones[0]", "x"], // no path
    ["set", "--config-file", "base.yaml", "--path", "slipway:network.zones[0]", "x"],
    ["rm", "--path", "slipway:services.api"],
  ])
    expect(refuse(...words), words.join(" ")).not.toThrow();
});

test("slipway pulumi config set refuses it before an engine is looked for", async () => {
  using folder = staged("");
  vi.spyOn(process, "cwd").mockReturnValue(folder.path);
  const command = ["config", "set", "--path", "slipway:network.zones[0]", "us-east-1f"];
  await expect(passThrough(command, { stack: "staging" })).rejects.toThrow("Nothing was written");
});

test("config show tells of each value where it is from", () => {
  using folder = staged("  slipway:network:\n    zones: [us-east-1b, us-east-1c]\n    natGateways: perZone\n", { caches: undefined });
  const { config, source } = sourcedConfig(folder.file("Pulumi.staging.yaml"));
  const text = showConfig(config, source);
  expect(text).toMatch(/^ {2}natGateways: perZone # Pulumi\.staging\.yaml:5$/m);
  expect(text).toMatch(/^ {2}zones: # Pulumi\.staging\.yaml:4, in place of base\.yaml:\d+\n {4}- us-east-1b$/m);
  expect(text).toMatch(/^system: coinestate # base\.yaml:\d+$/m);
  expect(text).toMatch(/^protect: false # default$/m);
  expect(text).toMatch(/^caches: \{\} # default$/m);
});
