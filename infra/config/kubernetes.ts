/** Config area `kubernetes`: the cluster that services with `compute: kubernetes` run on, and what it offers. */
import { settings } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { cluster } from "../../components/kubernetes/contract.ts";
import { computes } from "../../components/volumeNames.ts";

export const kubernetes = settings("Kubernetes; without a cluster no service can run on it", { cluster: cluster.optional() });

/** What a service runs on. */
export const compute = z
  .enum(computes)
  .default("ecs")
  .describe("ecs: Fargate behind the load balancer; kubernetes: the cluster of the kubernetes area");
