/** What ends the cause of an alarm, where its name and config tell it and it is no outage. Pure. */
import { gatewayEndpoint } from "../../components/network/contract.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { partOf } from "../runbook/subject.ts";

/** What is done, and why in a sentence. */
export type AlarmMend = { readonly why: string } & (
  | { readonly kind: "growCache"; readonly cache: string; readonly region: string }
  /** All services that have a gateway endpoint. */
  | { readonly kind: "gatewayEndpoints"; readonly services: readonly string[] }
);

/** @param alarm its name without the stack's and the region's part, and where it rings  @returns undefined where the page has to be read */
export function mendOf(config: StackConfig, { key, region }: { readonly key: string; readonly region: string }): AlarmMend | undefined {
  const { cache } = partOf(config, key);
  if (cache !== undefined && /-(?:memory|evictions)-p\d$/.test(key))
    return { kind: "growCache", cache, region, why: "Larger nodes end it, at a failover of seconds." };
  // A bill has many causes, and this one is paid for nothing.
  const { network } = config;
  const missing = "gatewayEndpoints" in network && network.natGateways !== "none" ? missingEndpoints(network.gatewayEndpoints) : [];
  if (key !== "monthly-cost" || missing.length === 0) return undefined;
  const names = missing.map((service) => spoken[service]).join(" and ");
  const why = `What tasks read of ${names} goes through the NAT gateway and is paid by the gigabyte; a gateway endpoint costs nothing.`;
  return { kind: "gatewayEndpoints", services: gatewayEndpoint.options, why };
}

const spoken: Readonly<Record<Endpoint, string>> = { s3: "S3", dynamodb: "DynamoDB" };

type Endpoint = (typeof gatewayEndpoint.options)[number];

function missingEndpoints(there: readonly Endpoint[]): readonly Endpoint[] {
  return gatewayEndpoint.options.filter((service) => !there.includes(service));
}
