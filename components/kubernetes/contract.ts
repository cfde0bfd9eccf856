/** What a cluster offers, how it is reached, and what a service on it is made with. */

import { posix } from "node:path";
import type { Accepted } from "../contract/accepted.ts";
import { group, hostName, matching, range, secretText, settings, text } from "../contract/fields.ts";
import { type BrokenRule, broken, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { candidateHeader, route, weightedTargets } from "../loadBalancer/contract.ts";
import { fromNetworkAddress, instanceMetadataIn, isSingleAddress } from "../network/addressBlock.ts";
import type { release } from "../release/contract.ts";
import { reserveWithinScaling, serviceFields, taskHealth } from "../service/contract.ts";
import { environmentRules } from "../service/environmentContract.ts";
import { volumesApart } from "../volumeNames.ts";
import { isRoutablePath, isTakenPath } from "./routeRules.ts";

/** Name of an object in a cluster. */
const objectName = (description: string) =>
  z
    .string()
    .max(253)
    .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, { error: "object name" })
    .describe(description);

const namespaceName = (description: string) =>
  z
    .string()
    .max(63)
    .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, { error: "namespace name" })
    .describe(description);

export const namespace = z.strictObject({
  namespace: namespaceName("namespace that the stack makes and its services live in")
    .superRefine(holds(notTheClusters))
    .meta({ examples: ["coinestate"] }),
});

function notTheClusters(name: string): BrokenRule[] {
  if (!/^(?:default|kube-.*)$/.test(name)) return [];
  return broken({
    path: [],
    found: `is ${JSON.stringify(name)}, the cluster's own`,
    allowed: "a namespace of the system's own",
    fix: { path: [], choose: "a namespace of the system's own" },
  });
}

const context = text(1, 253, "context of the kubeconfig; all others are left out").meta({ examples: ["production"] });

/** How the program gets at the cluster. None of them looks at the ambient context or at KUBECONFIG. */
const access = z
  .discriminatedUnion("by", [
    z.strictObject({
      by: z.literal("eks"),
      cluster: matching(
        /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/,
        "cluster name",
        "name of the EKS cluster in the stack's account and region",
      ).meta({ examples: ["coinestate-prod"] }),
      certificateAuthority: z
        .base64()
        .min(8)
        .describe("certificate authority of the cluster, base64, as `aws eks describe-cluster` prints it; no secret")
        .meta({ examples: ["LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg=="] }),
    }),
    z.strictObject({
      by: z.literal("file"),
      file: z
        .string()
        .min(1)
        .describe("kubeconfig file, absolute or from the folder of the stack file")
        .meta({ examples: ["kubeconfig.yaml"] }),
      context,
    }),
    z.strictObject({
      by: z.literal("secret"),
      kubeconfig: secretText("kubeconfig itself"),
      context,
    }),
  ])
  .describe("how the cluster is reached")
  .meta({ examples: [{ by: "eks", cluster: "coinestate-prod", certificateAuthority: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==" }] });

/** What services need of a cluster. */
const offers = {
  gateway: group("Gateway API gateway that leads to the services", {
    name: objectName("name of the Gateway that the cluster offers").meta({ examples: ["public"] }),
    namespace: namespaceName("namespace of the Gateway").meta({ examples: ["gateway-system"] }),
    listener: objectName("listener of the Gateway; all of them when left out")
      .optional()
      .meta({ examples: ["https"] }),
    podNamespace: namespaceName("namespace that the gateway's own pods run in, the only ones that may connect; the Gateway's when left out")
      .optional()
      .meta({ examples: ["envoy-gateway-system"] }),
    address: z
      .union([z.ipv4(), hostName("name")], { error: "host name or IPv4 address" })
      .describe(
        "host name or IPv4 address that the gateway is reached at: edge.records leads the hosts of its services there; they get no record when left out, for external-dns to make them",
      )
      .optional()
      .meta({ examples: ["k8s-gateways-public-0123456789-0123456789abcdef.elb.us-east-1.amazonaws.com"] }),
  }),
  switchBy: z
    .enum(["weights", "selector"])
    .default("weights")
    .describe("weights: an HTTPRoute splits traffic in any steps; selector: one Service names the colour, all at once"),
  secretStores: settings("stores of the cluster's External Secrets Operator", {
    parameterStore: objectName("ClusterSecretStore that reads SSM parameters").default("aws-parameter-store"),
    secretsManager: objectName("ClusterSecretStore that reads Secrets Manager").default("aws-secrets-manager"),
  }),
};

export const cluster = group("cluster that the services with compute: kubernetes run on, and what it offers", {
  server: z
    .url({ protocol: /^https$/, error: "server address" })
    .describe("address of the only API server that this stack may touch, https")
    .meta({ examples: ["https://0123456789ABCDEF0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com"] }),
  identifier: text(
    1,
    253,
    "what tells the cluster from others, for good: where the same cluster gets another address, the one it had when the stack's objects were made; the server's address when left out",
  )
    .optional()
    .meta({ examples: ["https://0123456789ABCDEF0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com"] }),
  access,
  ...namespace.shape,
  ...offers,
});

/** How the name of a service's second route ends: no other service of the cluster may be called so. */
export const candidateRouteEnd = "-candidate";

/** What the component is made with. */
export const service = z
  .strictObject({
    // The colour and the word `service` are added to the name, and the whole is a DNS label that begins with a letter.
    service: matching(/^[a-z](?:[a-z0-9-]{0,53}[a-z0-9])?$/, "name", "name in the namespace, lower case, at most 55 characters"),
    ...offers,
    route: z.strictObject({ hosts: route.shape.hosts.max(16), paths: route.shape.paths }).describe("requests that reach the service"),
    candidateHeader,
    cpu: range(1, 131_072, "CPU units of a pod, 1024 is one core: request and limit"),
    memory: range(4, 1_048_576, "memory of a pod, MiB: request and limit"),
    scratchSpace: range(1, 1_048_576, "scratch space of all writable paths and logs together, MiB").default(1024),
    ...serviceFields,
    healthCheck: taskHealth.describe("how the kubelet tells a ready container"),
    drainSeconds: weightedTargets.shape.drainSeconds,
  })
  .superRefine(
    holds((given) => [
      ...environmentRules(given.environment),
      ...volumesApart("kubernetes", given.writablePaths),
      ...reserveWithinScaling(given),
      ...offeredByCluster(given),
      ...(given.switchBy === "selector" ? selectorWeight(given.release, "switchBy") : []),
    ]),
  );

/** What a service asks for that a cluster cannot give. */
export function offeredByCluster({
  scaling,
  release,
  route,
  healthCheck,
  egress,
}: Pick<Accepted<typeof service>, "scaling" | "release" | "route" | "healthCheck" | "egress">): BrokenRule[] {
  const broken: BrokenRule[] = [];
  const requests = ["scaling", "requestsPerMinutePerTask"];
  if (scaling.requestsPerMinutePerTask !== undefined)
    broken.push({
      path: requests,
      found: "is set, and the service runs on kubernetes",
      reason: "a cluster counts requests only through a metrics adapter of its own",
      allowed: "cpuPercent and memoryPercent",
      fix: { path: requests },
    });
  const stickiness = ["release", "stickinessSeconds"];
  if (release.stickinessSeconds !== undefined)
    broken.push({
      path: stickiness,
      found: "is set, and the service runs on kubernetes",
      reason: "session persistence is not in the Gateway API's standard channel",
      allowed: "no stickiness, or compute: ecs",
      fix: { path: stickiness },
    });
  for (const [index, pattern] of route.paths.entries()) {
    const path = ["route", "paths", index];
    if (!isRoutablePath(pattern))
      broken.push({
        path,
        found: `is ${JSON.stringify(pattern)}, and the service runs on kubernetes`,
        allowed: "an exact path, or one that ends in /* (everything below it)",
        fix: { path, value: `${pattern.split(/[*?]/)[0]?.replace(/\/[^/]*$/, "") ?? ""}/*` },
      });
    else if (!isTakenPath(pattern))
      broken.push({
        path,
        found: `is ${JSON.stringify(pattern)}, and the service runs on kubernetes`,
        reason: "the Gateway API refuses paths that could be read in two ways",
        allowed: "a path without //, . and ..",
        fix: { path, value: posix.normalize(pattern) },
      });
  }
  broken.push(...goodBlocks(egress));
  const { matcher } = healthCheck;
  const codes = ["healthCheck", "matcher"];
  if (matcher.split(/[,-]/).some((code) => Number(code) < 200 || Number(code) > 399))
    broken.push({
      path: codes,
      found: `is ${JSON.stringify(matcher)}, and the service runs on kubernetes`,
      allowed: "codes from 200 to 399; the kubelet takes all of these as healthy and no other",
      fix: { path: codes, choose: "codes from 200 to 399" },
    });
  return broken;
}

function goodBlocks(egress: Accepted<typeof service>["egress"]): BrokenRule[] {
  return Object.entries(egress).flatMap(([name, { cidr }]): BrokenRule[] => {
    const path = ["egress", name, "cidr"];
    const block = fromNetworkAddress(cidr);
    if (block !== cidr)
      return broken({
        path,
        found: `is ${JSON.stringify(cidr)}, and the service runs on kubernetes`,
        allowed: `a block that starts at its network address, such as ${block}`,
        fix: { path, value: block },
      });
    if (!isSingleAddress(cidr) || instanceMetadataIn(cidr) === undefined) return [];
    return broken({
      path,
      found: `is ${JSON.stringify(cidr)}, the instance metadata of the cluster's nodes`,
      allowed: "other addresses; a pod could read the node's credentials there",
      fix: { path: ["egress", name] },
    });
  });
}

/** A selector cannot split traffic. @param key where the selector is chosen, for people */
export function selectorWeight({ candidateWeight }: Pick<Accepted<typeof release>, "candidateWeight">, key: string): BrokenRule[] {
  if (candidateWeight === 0 || candidateWeight === 100) return [];
  const path = ["release", "candidateWeight"];
  return broken({
    path,
    found: `is ${candidateWeight}, and ${key} is "selector"`,
    allowed: "0 or 100; a selector cannot split traffic",
    fix: { path, value: 0 },
  });
}
