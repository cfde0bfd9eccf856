/** The lock between an edge and the load balancers behind it, as config has it. */
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { OriginLock } from "../components/edge/originLock.ts";
import type { Tags } from "../components/tags.ts";
import type { StackConfig } from "./config/stack.ts";
import { regionCode } from "./regionCode.ts";

/** The lock of one region's load balancer, or undefined where the edge does not lock it. */
export function originLockOf(
  { edge, protect }: StackConfig,
  { region, tags, keyArn }: { readonly region: string; readonly tags: Tags; readonly keyArn: Input<string> },
  opts: ComponentResourceOptions,
): OriginLock | undefined {
  if (edge.provider !== "cloudflare" || !edge.origin.lock) return undefined;
  const { addresses, header, secrets, accepts } = edge.origin;
  return new OriginLock(
    `${regionCode(region)}-origin`,
    { region, edgeAddresses: addresses, header, secrets, accepts, keyArn, protect, tags },
    opts,
  );
}
