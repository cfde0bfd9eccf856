/** Config `services.<name>.connects`: what a service uses, and the variables that tell its container. */
import { mapByName, matching, settings } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";

const name = (of: string) => matching(/^[a-z][a-z0-9-]*$/, "name", `name of one of ${of}`);

export const connects = settings("data stores that the service uses", {
  databases: z
    .array(name("databases").meta({ examples: ["main"] }))
    .default([])
    .describe("databases, each by a name of databases: the tasks get its host, port and user, and its password from a secret")
    .meta({ examples: [["main"]] }),
  caches: z
    .array(name("caches").meta({ examples: ["sessions"] }))
    .default([])
    .describe("caches, each by a name of caches: the tasks get its host, port and user, and its password from a secret")
    .meta({ examples: [["sessions"]] }),
  buckets: mapByName(
    "buckets by a name of buckets, with what the tasks may do",
    z.string(),
    z
      .enum(["read", "readWrite"])
      .describe("what the tasks may do with the objects")
      .meta({ examples: ["readWrite"] }),
    { kyc: "readWrite" },
  ),
  fileSystems: mapByName(
    "file systems by a name of fileSystems, with the path where the container sees them",
    z.string(),
    z.strictObject({
      path: matching(/^\/[\w.-]+(?:\/[\w.-]+)*$/, "path", "path in the container where the files are").meta({
        examples: ["/app/uploads"],
      }),
    }),
    { uploads: { path: "/app/uploads" } },
  ),
});

/** `main-db` → `MAIN_DB`: how the variables of a store begin. */
export function variablePrefix(store: string): string {
  return store.toUpperCase().replaceAll("-", "_");
}

/** Variables of a database or cache that is reached over the network. */
export const networkVariables = ["HOST", "READ_HOST", "PORT", "USERNAME", "PASSWORD"] as const;
