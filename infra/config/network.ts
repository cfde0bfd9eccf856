/** Config area `network`: the VPC. */

import { distinct, retentionDays } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { isNetworkAddress, isPrivate } from "../../components/network/ipv4.ts";

/** Interface endpoints that a stack may ask for, by the service's own name. */
const interfaceEndpoints = [
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

/** Block of a VPC, /16 to /22. */
export const vpcBlock = z
  .cidrv4()
  .refine((block) => Number(block.split("/")[1]) >= 16 && Number(block.split("/")[1]) <= 22, { error: "block size" })
  .refine((block) => isNetworkAddress(block) && isPrivate(block), { error: "private block" });

/** Name of an availability zone. */
export const zoneName = z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d[a-h]$/, { error: "zone" });

export const network = z
  .strictObject({
    cidr: vpcBlock
      .describe(
        "private address block of the VPC (10/8, 172.16/12 or 192.168/16), /16 to /22, from its network address; a change replaces the VPC and everything in it",
      )
      .meta({ examples: ["10.20.0.0/16"], choose: true }),
    zones: distinct(zoneName)
      .min(2)
      .max(3)
      .describe("two or three different availability zones of the stack's region; their order means nothing")
      .meta({ examples: [["us-east-1a", "us-east-1b"]] }),
    natGateways: z
      .enum(["perZone", "single", "none"])
      .default("perZone")
      .describe(
        "way out to the internet: a NAT gateway in every zone (survives the loss of one), a single one (a third of the price), or none",
      ),
    gatewayEndpoints: distinct(z.enum(["s3", "dynamodb"]))
      .default(["s3", "dynamodb"])
      .describe("services reached through free gateway endpoints"),
    interfaceEndpoints: distinct(z.enum(interfaceEndpoints))
      .default([])
      .describe("services reached privately, each at a price per zone and hour")
      .meta({ examples: [["ecr.api", "ecr.dkr", "logs"]] }),
    flowLogs: z
      .strictObject({
        traffic: z.enum(["ALL", "ACCEPT", "REJECT"]).default("ALL").describe("which connections are recorded"),
        retentionDays: retentionDays.default(90),
      })
      .prefault({})
      .describe("record of connections in the VPC"),
  })
  .describe("the VPC: public, private and isolated subnets in each zone");
