/** Config area `network`: the VPC. */
import { z } from "zod";
import { retentionDays } from "./values.ts";

/** Interface endpoints that a stack may ask for, by the service's own name. */
export const interfaceEndpoints = [
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

export const network = z
  .strictObject({
    cidr: z
      .cidrv4()
      .refine((block) => Number(block.split("/")[1]) >= 16 && Number(block.split("/")[1]) <= 22, { error: "block size" })
      .describe("address block of the VPC, /16 to /22; a change replaces the VPC and everything in it")
      .meta({ examples: ["10.20.0.0/16"] }),
    zones: z
      .array(z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d[a-h]$/, { error: "zone" }))
      .min(2)
      .max(3)
      .refine((zones) => new Set(zones).size === zones.length, { error: "distinct" })
      .describe("two or three different availability zones of the stack's region; their order means nothing")
      .meta({ examples: [["us-east-1a", "us-east-1b"]] }),
    natGateways: z
      .enum(["perZone", "single", "none"])
      .default("perZone")
      .describe(
        "way out to the internet: a NAT gateway in every zone (survives the loss of one), a single one (a third of the price), or none",
      )
      .meta({ examples: ["perZone"] }),
    gatewayEndpoints: z
      .array(z.enum(["s3", "dynamodb"]))
      .default(["s3", "dynamodb"])
      .describe("services reached through free gateway endpoints")
      .meta({ examples: [["s3", "dynamodb"]] }),
    interfaceEndpoints: z
      .array(z.enum(interfaceEndpoints))
      .default([])
      .describe("services reached privately, each at a price per zone and hour")
      .meta({ examples: [["ecr.api", "ecr.dkr", "logs"]] }),
    flowLogs: z
      .strictObject({
        traffic: z
          .enum(["ALL", "ACCEPT", "REJECT"])
          .default("ALL")
          .describe("which connections are recorded")
          .meta({ examples: ["ALL"] }),
        retentionDays: retentionDays.default(90).meta({ examples: [90] }),
      })
      .prefault({})
      .describe("record of connections in the VPC"),
  })
  .describe("the VPC: public, private and isolated subnets in each zone");
