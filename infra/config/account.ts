/** Config areas `system`, `environment`, `protect`, `tags` and `aws`: whose stack this is and where it runs. */
import { z } from "zod";
import { keyName } from "./values.ts";

export const system = keyName(20, "system name")
  .describe("name of the system that this stack runs, such as coinestate")
  .meta({ examples: ["coinestate"] });

export const environment = keyName(12, "environment name")
  .describe("short name of the environment, part of secret paths and tags, such as prod or staging")
  .meta({ examples: ["prod"] });

export const protect = z
  .boolean()
  .default(false)
  .describe("refuse to delete stateful resources (keys, log and image stores, databases), in the engine and at AWS")
  .meta({ examples: [true] });

export const tags = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(/^(?!aws:)[\w .:/=+@-]+$/, { error: "tag key" }),
    z.string().max(256),
  )
  .default({})
  .describe("tags put on every resource that can carry them, besides System, Environment and ManagedBy")
  .meta({ examples: [{ Team: "platform" }] });

export const aws = z
  .strictObject({
    accountId: z
      .string()
      .regex(/^\d{12}$/, { error: "account id" })
      .describe("the only AWS account that this stack may touch, 12 digits in quotes")
      .meta({ examples: ["123456789012"] }),
    region: z
      .string()
      .regex(/^[a-z]{2}(?:-gov)?-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/, { error: "region" })
      .describe("AWS region that the stack runs in, such as us-east-1")
      .meta({ examples: ["us-east-1"] }),
  })
  .describe("AWS account and region");
