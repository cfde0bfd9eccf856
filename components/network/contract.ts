/** What a VPC is made with. */
import { distinct, logRetentionDays, settings } from "../contract/fields.ts";
import { type BrokenRule, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { vpcPrefixes } from "./addresses.ts";
import { blockOf, isNetworkAddress, isPrivate } from "./ipv4.ts";

/** Interface endpoints that a network may have, by the service's own name. */
const endpointServices = [
  "ecr.api",
  "ecr.dkr",
  "ecs",
  "kms",
  "logs",
  "monitoring",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
] as const;

export const interfaceEndpoints = distinct(z.enum(endpointServices));

/** Block of a VPC, as wide as the address plan divides. */
export const vpcBlock = z
  .cidrv4()
  .refine((block) => blockOf(block).bits >= vpcPrefixes.widest && blockOf(block).bits <= vpcPrefixes.narrowest, { error: "block size" })
  .refine((block) => isNetworkAddress(block) && isPrivate(block), { error: "private block" });

/** Availability zones of one region. */
export const zones = distinct(z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d[a-h]$/, { error: "zone" }))
  .min(2)
  .max(3);

export const flowLogTraffic = z.enum(["ALL", "ACCEPT", "REJECT"]).default("ALL").describe("which connections are recorded");

export const natGateways = z.enum(["perZone", "single", "none"]).default("perZone");

/** Services that have a gateway endpoint, which costs nothing (VPC guide, "Gateway endpoints"). */
export const gatewayEndpoint = z.enum(["s3", "dynamodb"]);

export const network = z
  .strictObject({
    region: z.string().describe("AWS region"),
    cidrBlock: vpcBlock
      .describe(
        "private address block of the VPC (10/8, 172.16/12 or 192.168/16), /16 to /22, from its network address; a change replaces the VPC and everything in it",
      )
      .meta({ examples: ["10.20.0.0/16"], choose: true }),
    zones: zones
      .describe("two or three different availability zones of the stack's region; their order means nothing")
      .meta({ examples: [["us-east-1a", "us-east-1b"]] }),
    natGateways: natGateways.describe(
      "way out to the internet: a NAT gateway in every zone (survives the loss of one), a single one (a third of the price), or none",
    ),
    gatewayEndpoints: distinct(gatewayEndpoint)
      .default(gatewayEndpoint.options)
      .describe("services reached through free gateway endpoints"),
    interfaceEndpoints: interfaceEndpoints
      .default([])
      .describe("services reached privately, each at a price per zone and hour")
      .meta({ examples: [["ecr.api", "ecr.dkr", "logs"]] }),
    flowLogs: settings("record of connections in the VPC", {
      traffic: flowLogTraffic,
      retentionDays: logRetentionDays,
    }),
  })
  .superRefine(holds((given) => zonesInRegion(given)));

/** A zone's name is its region's, and a letter. */
export function zonesInRegion(given: { readonly region: string; readonly zones: readonly string[] }): BrokenRule[] {
  const { region } = given;
  return given.zones.flatMap((zone, index) => {
    const path = ["zones", index];
    if (zone.slice(0, -1) === region) return [];
    const fix = { path, choose: `a zone of ${region}, such as ${region}${"abc"[index] ?? "d"}` };
    return [{ path, found: `is ${JSON.stringify(zone)}`, allowed: `a zone of ${region}, such as ${region}a`, fix }];
  });
}
