/** Images: whose registry they come from, what is asked of it, and what is said when one is missing. */
import { describe, expect, test } from "vitest";
import { missingImages, pushCommands, type RegionalImage } from "../../infra/release/missingImages.ts";
import { configOf, type Edits } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";
import { carriedStores, threeRegions } from "../harness/failoverStack.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";

const owner = "210987654321";
const stateOf = (...names: string[]) =>
  Object.fromEntries(
    names.map((name) => [`urn:pulumi:s::p::a$aws:ecs/service:Service::${name}`, { type: "aws:ecs/service:Service", outputs: {} }]),
  );
const named = ({ service, region }: { service: string; region: string }) => `${service} ${region}`;

describe("another stack's registry", () => {
  const foreign: Edits = { "registry.repositories": undefined, "registry.from": { accountId: owner, region: "eu-west-1" } };

  test("no repository is made, and tasks and their role name the owner's", async () => {
    const graph = await declaredGraph(configOf("bench/production", foreign));
    expect(graph.filter(({ type }) => type.startsWith("aws:ecr/"))).toEqual([]);
    const tasks = graph.filter(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
    expect(tasks.length).toBeGreaterThan(1);
    for (const { inputs } of tasks)
      expect(String(inputs.containerDefinitions)).toContain(`"image":"${owner}.dkr.ecr.eu-west-1.amazonaws.com/coinestate-`);
    const policies = graph.map(({ inputs }) => String(inputs.policy)).filter((policy) => policy.includes("PullImages"));
    expect(policies.length).toBeGreaterThan(1);
    for (const policy of policies) expect(policy).toContain(`arn:aws:ecr:eu-west-1:${owner}:repository/coinestate-`);
  });

  test("its owner lets the named accounts pull, and nobody else", async () => {
    const graph = await declaredGraph(configOf("bench/production", { "registry.pullAccounts": ["222222222222", owner] }));
    const policies = graph.filter(({ type }) => type === "aws:ecr/repositoryPolicy:RepositoryPolicy");
    expect(policies).toHaveLength(2);
    const [{ Principal, Action, ...rest }] = JSON.parse(String(policies[0]!.inputs.policy)).Statement;
    expect(Principal).toEqual({ AWS: [`arn:aws:iam::${owner}:root`, "arn:aws:iam::222222222222:root"] });
    expect(Action.filter((action: string) => !/^ecr:(Batch|Describe|Get)/.test(action))).toEqual([]);
    expect(rest).toEqual({ Sid: "PullFromAccounts", Effect: "Allow" });
  });
});

describe("missing images", () => {
  const config = configOf("bench/production");
  const three = configOf("staging", { ...unwatched, ...onlyApi, ...carriedStores, ...threeRegions });
  const nothing = async () => false;

  test("only those of services that the state does not run are asked for", async () => {
    const asked: RegionalImage[] = [];
    const has = async (image: RegionalImage) => asked.push(image) > 0;
    expect(await missingImages(config, stateOf("coinestate-prod-use1-api-blue"), has)).toEqual([]);
    expect([...new Set(asked.map(named))]).toEqual(["web us-east-1"]);
    asked.length = 0;
    await missingImages(config, stateOf("coinestate-prod-use1-api-blue", "coinestate-prod-use1-web-green"), has);
    expect(asked).toEqual([]);
  });

  test("a registry that does not answer is not one without the image", async () => {
    await expect(missingImages(config, {}, () => Promise.reject(new Error("AccessDenied")))).rejects.toThrow("AccessDenied");
  });

  test("a region that is added waits for its copies, while the service of the first goes on", async () => {
    const inPrimary = async ({ region }: RegionalImage) => region === "us-east-1";
    const missing = await missingImages(three, stateOf("coinestate-staging-use1-api-blue"), inPrimary);
    expect([...new Set(missing.map(named))]).toEqual(["api eu-west-1", "api ap-southeast-1"]);
    const commands = pushCommands(missing, "staging", "123456789012", false).join("\n");
    expect(commands).toContain("describe-image-replication-status --region us-east-1");
    expect(commands).toContain("docker buildx imagetools create --tag 123456789012.dkr.ecr.us-east-1.amazonaws.com/coinestate-");
    expect(commands).not.toContain("docker push");
  });

  test("what is nowhere is pushed to the first region, from which it is copied", async () => {
    const commands = pushCommands(await missingImages(three, {}, nothing), "staging", "123456789012", false);
    const pushes = commands.filter((command) => command.startsWith("docker push"));
    expect(pushes.every((command) => command.includes(".us-east-1.amazonaws.com/"))).toBe(true);
    expect(pushes).toHaveLength(2);
    expect(commands.join("\n")).not.toContain("describe-image-replication-status");
  });

  test("a registry in another region than the tasks, whose owner does not let the account pull", async () => {
    const from = { accountId: owner, region: "eu-west-1" };
    const config = configOf("bench/production", { "registry.repositories": undefined, "registry.from": from });
    const missing = await missingImages(config, {}, async () => "refused");
    expect(missing.map(({ account, region, tasksIn }) => [account, region, tasksIn])).toEqual(
      missing.map(() => [owner, "eu-west-1", "us-east-1"]),
    );
    expect(pushCommands(missing, "production", "123456789012", false)).toEqual([
      expect.stringMatching(/^pulumi config set --path 'slipway:registry\.pullAccounts\[0\]' 123456789012 .*account 210987654321/),
    ]);
  });

  test("the sandbox's own command is told there alone", async () => {
    const missing = await missingImages(three, {}, nothing);
    const told = (simulated: boolean) =>
      pushCommands(missing, "staging", "123456789012", simulated).filter((command) => command.includes("sandbox"));
    expect(told(false)).toEqual([]);
    expect(told(true)).toEqual([expect.stringMatching(/^slipway sandbox images push --stack staging /)]);
  });
});
