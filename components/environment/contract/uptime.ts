/** Config area `uptime`: endpoints that are asked from outside, and what is asked from inside the network. */
import { z } from "../../contract/zod.ts";
import { answering, checkTargets, uptime as fromOutside, reachability, rpcTarget } from "../../probes/contract.ts";

const storeNameOf = (of: string, example: string) =>
  z
    .string()
    .describe(`one of ${of}`)
    .meta({ examples: [example] });

const target = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("database"), database: storeNameOf("databases, PostgreSQL or DocumentDB", "main"), ...answering }),
    z.strictObject({ kind: z.literal("cache"), cache: storeNameOf("caches", "sessions"), ...answering }),
    z.strictObject({
      kind: z.literal("blockchain"),
      url: z
        .string()
        .describe("name of the secret that holds the node's URL, one of secrets with store parameter")
        .meta({ examples: ["/clearhold/prod/blockchain/rpc-url"] }),
      method: rpcTarget.shape.method,
      ...answering,
    }),
  ])
  .describe("one thing that is asked");

export const uptime = fromOutside
  .extend({
    reachability: reachability
      .extend({
        targets: checkTargets(target)
          .default({})
          .describe("databases, caches and blockchain nodes by name, asked by a function in the private subnets")
          .meta({ examples: [{ database: { kind: "database", database: "main" } }] }),
      })
      .prefault({})
      .describe("what is asked from inside the network"),
  })
  .prefault({})
  .describe("checks of what users and services depend on; nobody's traffic is moved by them");
