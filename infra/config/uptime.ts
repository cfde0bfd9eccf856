/** Config area `uptime`: endpoints that are asked from outside, and what is asked from inside the network. */

import { severity } from "../../components/alarms/severity.ts";
import { distinct, flag, hostName, keyName, range } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { checkerRegions } from "../../components/probes/checkerRegions.ts";

const name = keyName(20, "check name");

const endpoint = z
  .strictObject({
    host: hostName("host that is asked over HTTPS").meta({ examples: ["api.coinestate.io"] }),
    path: z
      .string()
      .max(255)
      .regex(/^\/\S*$/, { error: "path" })
      .default("/")
      .describe("path that is asked")
      .meta({ examples: ["/v1/health"] }),
    port: range(1, 65_535, "TCP port").default(443),
    search: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe("text that the first 5,120 bytes of a good answer have; a status from 200 to 399 is enough when left out")
      .meta({ examples: ['{"status":"ok"'] }),
    slowMilliseconds: range(
      1,
      60_000,
      "milliseconds after which slipway verify calls a good answer degraded, connecting not counted; never when left out",
    )
      .optional()
      .meta({ examples: [500] }),
    intervalSeconds: z
      .union([z.literal(10), z.literal(30)])
      .default(30)
      .describe("seconds between two questions of one checker; a change replaces the check"),
    failureThreshold: range(1, 10, "bad answers in a row before it counts as bad").default(3),
    invert: z.boolean().default(false).describe("good means bad: for what must not answer"),
    measureLatency: flag(false, "measure the time to the first byte too; a change replaces the check").meta({ examples: [true] }),
    severity: severity("how bad it is when it does not answer").default("P1"),
  })
  .describe("one endpoint");

const everyTarget = { severity: severity("how bad it is when it does not answer").default("P1") };
const storeNameOf = (of: string, example: string) =>
  z
    .string()
    .describe(`one of ${of}`)
    .meta({ examples: [example] });

const target = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("database"), database: storeNameOf("databases, PostgreSQL or DocumentDB", "main"), ...everyTarget }),
    z.strictObject({ kind: z.literal("cache"), cache: storeNameOf("caches", "sessions"), ...everyTarget }),
    z.strictObject({
      kind: z.literal("blockchain"),
      url: z
        .string()
        .describe("name of the secret that holds the node's URL, one of secrets with store parameter")
        .meta({ examples: ["/clearhold/prod/blockchain/rpc-url"] }),
      method: z
        .string()
        .regex(/^[a-z]+_[a-zA-Z]+$/, { error: "method" })
        .default("eth_blockNumber")
        .describe("JSON-RPC method without parameters that answers with a hexadecimal number"),
      ...everyTarget,
    }),
  ])
  .describe("one thing that is asked");

export const uptime = z
  .strictObject({
    endpoints: z
      .record(name, endpoint)
      .default({})
      .describe("public endpoints by name, asked by Route 53 from several parts of the world")
      .meta({ examples: [{ api: { host: "api.coinestate.io", path: "/v1/health" } }] }),
    checkers: distinct(z.enum(checkerRegions))
      .min(3)
      .default(["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-1"])
      .describe("regions that Route 53 asks from, three at least")
      .meta({ examples: [["us-east-1", "us-west-2", "eu-west-1"]] }),
    reachability: z
      .strictObject({
        everyMinutes: range(1, 5, "minutes between two rounds").default(1),
        targets: z
          .record(name, target)
          .refine((targets) => Object.keys(targets).length <= 20, { error: "at most 20 targets" })
          .default({})
          .describe("databases, caches and blockchain nodes by name, asked by a function in the private subnets")
          .meta({ examples: [{ database: { kind: "database", database: "main" } }] }),
      })
      .prefault({})
      .describe("what is asked from inside the network"),
  })
  .prefault({})
  .describe("checks of what users and services depend on; nobody's traffic is moved by them");
