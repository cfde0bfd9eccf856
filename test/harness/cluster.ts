/** A cluster for tests, as config: the shipped stacks have none. */
import type { Edits } from "./config.ts";

export const server = "https://0123456789ABCDEF0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com";

/** Config of a cluster that is reached as EKS clusters are. */
export const cluster = {
  server,
  access: { by: "eks", cluster: "coinestate", certificateAuthority: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==" },
  namespace: "coinestate",
  gateway: { name: "public", namespace: "gateway-system", listener: "https" },
} as const;

export const digests = {
  blue: `sha256:${"2468ace013579bdf".repeat(4)}`,
  green: `sha256:${"9c0e5b7d2468ace0".repeat(4)}`,
} as const;

/** Puts the service `api` of a shipped stack on the cluster, with an image in each colour; `web` stays on ECS. */
export const apiOnCluster: Edits = {
  "kubernetes.cluster": cluster,
  "services.api.compute": "kubernetes",
  "autoRollback.api": undefined,
  "services.api.scaling.requestsPerMinutePerTask": undefined,
  "services.api.release.stickinessSeconds": undefined,
  "services.api.release.live": "blue",
  "services.api.release.candidateWeight": 0,
  "services.api.release.blue": { image: digests.blue },
  "services.api.release.green": { image: digests.green },
};
