/** Config areas `registry` and `services`: images, and what runs from them. */

import { accountId, group, mapByName, matching, serviceName } from "../../contract/fields.ts";
import { holds } from "../../contract/rule.ts";
import { z } from "../../contract/zod.ts";
import { offeredByCluster } from "../../kubernetes/contract.ts";
import { route, weightedTargets } from "../../loadBalancer/contract.ts";
import { registry as images, repositoryName } from "../../registry/contract.ts";
import { fargateSize, service, serviceFields, serviceRules, taskHealth, variableName } from "../../service/contract.ts";
import { aws } from "./account.ts";
import { connects } from "./connects.ts";
import { compute } from "./kubernetes.ts";

export const registry = images
  .extend({
    from: group("the registry of another stack, whose repositories this one makes none of: build once, deploy the same digest", {
      accountId: accountId("account of the stack that owns the repositories").meta({ examples: ["123456789012"], choose: true }),
      region: aws.shape.region.optional().describe("region of that registry; that of this stack where it is left out"),
    }).optional(),
  })
  .prefault({})
  .describe("image registry of this stack");

const secretReference = matching(
  /^(?:\/[\w.-]+){2,15}$|^arn:aws:(?:ssm|secretsmanager):[a-z0-9-]+:\d{12}:.+$/,
  "secret reference",
  "SSM parameter path such as /coinestate/prod/jwt/secret, or the ARN of a parameter or secret; never the value",
).meta({ examples: ["/coinestate/prod/jwt/secret"] });

const web = z
  .strictObject({
    kind: service.options[0].shape.kind,
    compute,
    repository: repositoryName.describe("repository of the image, one of registry.repositories").meta({ examples: ["coinestate-api"] }),
    ...fargateSize,
    ...serviceFields,
    route,
    healthCheck: taskHealth.describe("how the load balancer tells a ready task"),
    drainSeconds: weightedTargets.shape.drainSeconds,
    secrets: mapByName("environment variables read from SSM or Secrets Manager at start", variableName, secretReference, {
      JWT_SECRET: "/coinestate/prod/jwt/secret",
    }),
    connects,
  })
  .superRefine(holds((given) => [...serviceRules(given), ...(given.compute === "kubernetes" ? offeredByCluster(given) : [])]));

export const services = z
  .record(serviceName, z.discriminatedUnion("kind", [web]).describe("one service, on ECS Fargate or on Kubernetes"))
  .refine((all) => Object.keys(all).length > 0, { error: "not empty" })
  .describe("services by name");
