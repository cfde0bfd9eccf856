/** What an operator says about a region is kept with who said it: the caller that AWS knows, not a name that a shell gives. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { approvalRegion, switchName } from "../../../components/environment/contract/failover.ts";
import { backendOf } from "../../../ops/engine/backend.ts";
import { setSwitch } from "../../../ops/failover/failover.ts";
import { configFiles, findProject } from "../../../ops/project/project.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";
import { configOf } from "../../harness/config.ts";
import { ProjectFolder } from "../../harness/projectFolder.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test("an approval records the caller's ARN, and says so", async () => {
  const example = findProject(join(import.meta.dirname, "..", "..", "..", "examples", "coinestate"));
  using project = new ProjectFolder({ [`.slipway/state/.pulumi/stacks/${example.name}/production.json`]: "{}" });
  for (const file of configFiles(example)) copyFileSync(join(example.folder, file), project.file(file));
  vi.spyOn(process, "cwd").mockReturnValue(project.path);
  vi.stubEnv("PULUMI_BACKEND_URL", "");
  vi.stubEnv("USER", "whoever");
  const config = configOf("coinestate/production");
  const name = switchName(config, "approve", "eu-west-1");
  const [type, id, scope] = [
    "aws:scheduler/schedule:Schedule",
    `default/${name}`,
    `${config.aws.accountId}/${approvalRegion(config)}`,
  ] as const;
  const store = () => openLiveStore(backendOf(findProject()).folder);
  const target = { arn: "arn:t", roleArn: "arn:r", input: "{}" };
  const properties = { name, arn: "arn:s", scheduleExpression: "rate(1 minute)", state: "DISABLED", description: "-", target };
  store().put({ type, id, scope, createdFor: "", properties: { ...properties, flexibleTimeWindow: { mode: "OFF" } } });

  const said: string[] = [];
  await setSwitch("approve", true, { stack: "production", reason: "exercise" }, (text) => said.push(text));
  const [, caller] = /^approved by (arn:aws:iam::\d{12}:user\/\S+): exercise$/.exec(
    String(store().get(type, id, scope)?.properties.description),
  )!;
  expect(said.join("\n")).toContain(`Set by ${caller} in ${approvalRegion(config)}`);
});
