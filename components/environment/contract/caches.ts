/** Config area `caches`: Valkey and Redis on ElastiCache, by name. */
import { cache } from "../../cache/contract.ts";
import { mapByName, storeName } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";
import { recoveryClass } from "./databases.ts";

const [valkey, redis] = cache.options;
const recovery = {
  recoveryClass: recoveryClass
    .unwrap()
    .optional()
    .describe("how much of it may be lost, when it is more than a cache: medium, a day; by default all of it")
    .meta({ examples: ["medium"] }),
};

export const caches = mapByName(
  "caches by name: TLS and a password always, each encrypted with a key of its own",
  storeName("cache name"),
  z.discriminatedUnion("engine", [valkey.safeExtend(recovery), redis.safeExtend(recovery)]),
  { sessions: { engine: "valkey", nodeType: "cache.t4g.small", replicas: 1, multiAz: true } },
);
