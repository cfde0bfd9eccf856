/** The plan that scanners read says what the graph says, and leaves nothing out. */
import { beforeAll, describe, expect, test } from "vitest";
import { configOf } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import type { Registered } from "../../harness/graph.ts";
import { policiesOf } from "../../scan/policies.ts";
import { terraformName } from "../../scan/terraformNames.ts";
import { type TerraformPlan, terraformPlan, UnmappedType } from "../../scan/terraformPlan.ts";

describe("a stack's plan", () => {
  let graph: readonly Registered[] = [];
  let plan: TerraformPlan;
  beforeAll(async () => {
    graph = await declaredGraph(configOf("clearhold/production"));
    plan = terraformPlan(graph, "us-east-1");
  });
  const valuesOf = (address: string) => {
    const found = plan.planned_values.root_module.resources.find((resource) => resource.address === address);
    expect(found, address).toBeDefined();
    return found!.values;
  };

  test("has every AWS resource, once", () => {
    const { resources } = plan.planned_values.root_module;
    expect(resources.length).toBe(graph.filter(({ type }) => type.startsWith("aws:")).length);
    expect(new Set(resources.map(({ address }) => address)).size).toBe(resources.length);
  });

  test("names blocks in the singular, as lists, with the provider's defaults", () => {
    expect(valuesOf("aws_lb_listener.clearhold-prod-use1-alb-http").default_action).toMatchObject([
      { type: "redirect", redirect: [{ protocol: "HTTPS", port: "443", status_code: "HTTP_301", path: "/#{path}" }] },
    ]);
    expect(valuesOf("aws_lb.clearhold-prod-use1-alb")).toMatchObject({
      drop_invalid_header_fields: true,
      access_logs: [{ enabled: true }],
    });
  });

  test("keeps references between resources", () => {
    const { resources } = plan.configuration.root_module;
    const block = resources.find(({ address }) => address === "aws_s3_bucket_public_access_block.clearhold-prod-use1-access-logs")!;
    expect(block.expressions.bucket?.references).toEqual([
      "aws_s3_bucket.clearhold-prod-use1-access-logs.id",
      "aws_s3_bucket.clearhold-prod-use1-access-logs",
    ]);
  });

  test("shows every policy document", () => {
    expect([...policiesOf(plan).keys()]).toEqual(
      expect.arrayContaining([
        "aws_iam_role.clearhold-prod-use1-api-task.assume_role_policy",
        "aws_s3_bucket_policy.clearhold-prod-use1-access-logs.policy",
      ]),
    );
  });

  test("cannot be made of a type or a property without a name", () => {
    const [bucket] = graph.filter(({ type }) => type === "aws:s3/bucket:Bucket");
    expect(() => terraformPlan([{ ...bucket!, type: "aws:sagemaker/model:Model" }], "us-east-1")).toThrow(UnmappedType);
    expect(() => terraformPlan([{ ...bucket!, type: "google:storage/bucket:Bucket" }], "us-east-1")).toThrow(/google:storage/);
    expect(() => terraformPlan([{ ...bucket!, inputs: { colour: "blue" } }], "us-east-1")).toThrow(/aws_s3_bucket.colour/);
  });
});

test.each([
  ["aws_lb_target_group", "healthCheck", { type: "block-list", shape: "object" }, "health_check"],
  ["aws_wafv2_web_acl", "rules", { type: "block-set", shape: "list" }, "rule"],
  ["aws_s3_bucket_policy", "policies", { type: "block-list", shape: "list" }, "policy"],
  ["aws_cloudfront_distribution", "aliases", { type: "set" }, "aliases"],
  ["aws_iam_openid_connect_provider", "thumbprintLists", { type: "list" }, "thumbprint_list"],
  ["aws_ecs_service", "placementConstraints", { type: "block-set", shape: "list" }, "placement_constraints"],
] as const)("%s.%s", (path, property, fact, name) => {
  expect(terraformName(path, property, fact)).toBe(name);
});
