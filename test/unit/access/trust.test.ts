/** Who takes which role of a stack's pipeline, claim by claim. */
import { expect, test } from "vitest";
import { driftWorkflow } from "../../../components/access/pipelineAccess.ts";
import { configOf } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { oneOfEach } from "../../harness/platform.ts";

test("who takes a role: pull requests the preview role, the branch the plan role, its drift workflow the drift role", async () => {
  const resources = await declaredGraph(configOf("staging", oneOfEach(configOf("staging"))));
  const claimsOf = (key: string) => {
    const { inputs } = resources.find(({ type, name }) => type === "aws:iam/role:Role" && name === `coinestate-staging-pipeline-${key}`)!;
    expect(inputs.name).toBe(`coinestate-staging-pipeline-${key}`);
    return (JSON.parse(String(inputs.assumeRolePolicy)) as { Statement: { Condition: unknown }[] }).Statement[0]!.Condition;
  };
  const claims = (sub: string, workflow?: string) => ({
    StringEquals: {
      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
      "token.actions.githubusercontent.com:sub": `repo:coinestate/infrastructure:${sub}`,
      "token.actions.githubusercontent.com:repository": "coinestate/infrastructure",
      "token.actions.githubusercontent.com:repository_id": "123456789",
      ...(workflow === undefined
        ? {}
        : {
            "token.actions.githubusercontent.com:job_workflow_ref": `coinestate/infrastructure/.github/workflows/${workflow}@refs/heads/main`,
          }),
    },
  });
  expect(claimsOf("preview")).toEqual(claims("pull_request"));
  expect(claimsOf("plan")).toEqual(claims("ref:refs/heads/main"));
  expect(claimsOf("drift")).toEqual(claims("ref:refs/heads/main", "drift.yml"));
  expect(claimsOf("apply")).toEqual(claims("environment:production", "deploy.yml"));
}, 60_000);

test("jobs in the environment that reads Cloudflare may plan and look for drift, held to the workflows, and nothing else", async () => {
  const config = configOf("staging");
  const { github, ...more } = (oneOfEach(config) as { access: { github: object } }).access;
  const resources = await declaredGraph(
    configOf("staging", { access: { ...more, github: { ...github, readEnvironment: "slipway-read" } } }),
  );
  const trusted = (key: string) => {
    const { inputs } = resources.find(({ type, name }) => type === "aws:iam/role:Role" && name === `coinestate-staging-pipeline-${key}`)!;
    const { Statement } = JSON.parse(String(inputs.assumeRolePolicy)) as {
      Statement: { Condition: { StringEquals: Record<string, string> } }[];
    };
    return Statement.map(({ Condition: { StringEquals: claims } }) =>
      ["sub", "job_workflow_ref"].map((claim) =>
        claims[`token.actions.githubusercontent.com:${claim}`]?.replace(/^.*?infrastructure[:/]/, ""),
      ),
    );
  };
  const [deploy, drift] = ["deploy", "drift"].map((file) => `.github/workflows/${file}.yml@refs/heads/main`);
  expect(trusted("plan")).toEqual([
    ["ref:refs/heads/main", undefined],
    ["environment:slipway-read", deploy],
  ]);
  expect(trusted("drift")).toEqual([
    ["ref:refs/heads/main", drift],
    ["environment:slipway-read", drift],
  ]);
  expect([trusted("preview"), trusted("apply")]).toEqual([[["pull_request", undefined]], [["environment:production", deploy]]]);
}, 60_000);

test("the drift workflow stands beside the one that applies, whatever that is called", () => {
  expect(driftWorkflow("a/b.c/.github/workflows/release-all.yaml@refs/heads/main")).toBe(
    "a/b.c/.github/workflows/drift.yml@refs/heads/main",
  );
});
