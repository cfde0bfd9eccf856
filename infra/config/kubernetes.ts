/** Config area `kubernetes`: the cluster that services with `compute: kubernetes` run on, and what it offers. */
import { hostName, matching, text } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";

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
      kubeconfig: z
        .string()
        .min(1)
        .describe("kubeconfig itself, set with `pulumi config set --secret --path`")
        .meta({ examples: ["(pulumi config set --secret)"] }),
      context,
    }),
  ])
  .describe("how the cluster is reached")
  .meta({ examples: [{ by: "eks", cluster: "coinestate-prod", certificateAuthority: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==" }] });

const cluster = z
  .strictObject({
    server: z
      .url({ protocol: /^https$/, error: "server address" })
      .describe("address of the only API server that this stack may touch, https")
      .meta({ examples: ["https://0123456789ABCDEF0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com"] }),
    access,
    namespace: namespaceName("namespace that the stack makes and its services live in").meta({ examples: ["coinestate"] }),
    gateway: z
      .strictObject({
        name: objectName("name of the Gateway that the cluster offers").meta({ examples: ["public"] }),
        namespace: namespaceName("namespace of the Gateway").meta({ examples: ["gateway-system"] }),
        listener: objectName("listener of the Gateway; all of them when left out")
          .optional()
          .meta({ examples: ["https"] }),
        podNamespace: namespaceName(
          "namespace that the gateway's own pods run in, the only ones that may connect; the Gateway's when left out",
        )
          .optional()
          .meta({ examples: ["envoy-gateway-system"] }),
        address: z
          .union([z.ipv4(), hostName("name")], { error: "host name or IPv4 address" })
          .describe(
            "host name or IPv4 address that the gateway is reached at: edge.records leads the hosts of its services there; they get no record when left out, for external-dns to make them",
          )
          .optional()
          .meta({ examples: ["k8s-gateways-public-0123456789-0123456789abcdef.elb.us-east-1.amazonaws.com"] }),
      })
      .describe("Gateway API gateway that leads to the services"),
    switchBy: z
      .enum(["weights", "selector"])
      .default("weights")
      .describe("weights: an HTTPRoute splits traffic in any steps; selector: one Service names the colour, all at once"),
    secretStores: z
      .strictObject({
        parameterStore: objectName("ClusterSecretStore that reads SSM parameters").default("aws-parameter-store"),
        secretsManager: objectName("ClusterSecretStore that reads Secrets Manager").default("aws-secrets-manager"),
      })
      .prefault({})
      .describe("stores of the cluster's External Secrets Operator"),
  })
  .describe("cluster that the services with compute: kubernetes run on, and what it offers");

export const kubernetes = z
  .strictObject({ cluster: cluster.optional() })
  .prefault({})
  .describe("Kubernetes; without a cluster no service can run on it");

/** What a service runs on. */
export const compute = z
  .enum(["ecs", "kubernetes"])
  .default("ecs")
  .describe("ecs: Fargate behind the load balancer; kubernetes: the cluster of the kubernetes area");
