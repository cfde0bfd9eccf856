/** Config area `kubernetes`: the cluster that services with `compute: kubernetes` run on, and what it offers. */
import { settings } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";
import { cluster } from "../../kubernetes/contract.ts";
import { computes } from "../../volumeNames.ts";

export const kubernetes = settings("Kubernetes; without a cluster no service can run on it", { cluster: cluster.optional() });

/** What a service runs on. */
export const compute = z
  .enum(computes)
  .default("ecs")
  .describe("ecs: Fargate behind the load balancer; kubernetes: the cluster of the kubernetes area");
