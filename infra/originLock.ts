/** The lock between an edge and the load balancers behind it, as config has it. */
import type { Input } from "@pulumi/pulumi";
import { OriginLock } from "../components/edge/originLock.ts";
import type { Here } from "./here.ts";

/** The lock of one region's load balancer, or undefined where the edge does not lock it. */
export function originLockOf({ config: { edge }, place }: Here, keyArn: Input<string>): OriginLock | undefined {
  if (edge.provider !== "cloudflare" || !edge.origin.lock) return undefined;
  return place.make(OriginLock, place.names.regional("origin"), { ...edge.origin, keyArn });
}
