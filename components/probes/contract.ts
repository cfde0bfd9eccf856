/** What is asked to see whether it answers: public endpoints from outside, servers and nodes from inside the network. */
import { severity } from "../alarms/severity.ts";
import { distinct, flag, hostName, keyName, mapByName, matching, range } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

/** What every check has. */
export const answering = { severity: severity("how bad it is when it does not answer").default("P1") };

const tcpPort = range(1, 65_535, "TCP port");

/** Name of a check. */
const checkName = keyName(20, "check name");

const endpoint = z.strictObject({
  host: hostName("host that is asked over HTTPS").meta({ examples: ["api.coinestate.io"] }),
  path: z
    .string()
    .max(255)
    .regex(/^\/\S*$/, { error: "path" })
    .default("/")
    .describe("path that is asked")
    .meta({ examples: ["/v1/health"] }),
  port: tcpPort.default(443),
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
  ...answering,
});

/** Checks of public endpoints. */
export const uptime = z.strictObject({
  endpoints: mapByName(
    "public endpoints by name, asked by Route 53 from several parts of the world",
    checkName,
    endpoint.describe("one endpoint"),
    { api: { host: "api.coinestate.io", path: "/v1/health" } },
  ),
  checkers: distinct(
    z.enum(["us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1"]),
  )
    .min(3)
    .default(["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-1"])
    .describe("regions that Route 53 asks from, three at least")
    .meta({ examples: [["us-east-1", "us-west-2", "eu-west-1"]] }),
});

/** A server in the network. */
export const serverTarget = z.object({
  kind: z.enum(["postgres", "documentdb", "cache", "tcp"]).describe("how it is asked"),
  port: tcpPort,
  ...answering,
});

/** A node of a blockchain that is asked for its newest block. */
export const rpcTarget = z.object({
  kind: z.literal("jsonRpc"),
  method: matching(/^[a-z]+_[a-zA-Z]+$/, "method", "JSON-RPC method without parameters that answers with a hexadecimal number").default(
    "eth_blockNumber",
  ),
  ...answering,
});

/** Targets by name, as many as one function asks. */
export function checkTargets<Target extends z.ZodType>(target: Target) {
  return z.record(checkName, target).refine((targets) => Object.keys(targets).length <= 20, { error: "at most 20 targets" });
}

/** Checks from inside the network; what a target has besides is of other resources. */
export const reachability = z.strictObject({
  everyMinutes: range(1, 5, "minutes between two rounds").default(1),
  targets: checkTargets(z.discriminatedUnion("kind", [serverTarget.loose(), rpcTarget.loose()]))
    .refine((targets) => Object.keys(targets).length > 0, { error: "one target at least" })
    .describe("what is asked, by name"),
});

/** Subnets that the function which asks stands in: as many as Lambda takes. */
export const askingSubnets = range(1, 16, "subnets");
