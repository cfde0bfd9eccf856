/** Config area `databases`: PostgreSQL, DocumentDB and DynamoDB, by name. */
import { mapByName, storeName } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";
import { documentCluster, postgres, table } from "../../database/contract.ts";

/** How bad the loss of a store is: what has to hold for its backups and its standby. */
export const recoveryClass = z
  .enum(["critical", "high", "medium"])
  .default("medium")
  .describe(
    "how soon it has to be back and how much may be lost: critical 1 hour and 15 minutes, high 4 hours and 1 hour, medium 24 hours each",
  )
  .meta({ examples: ["critical"] });

export const databases = mapByName(
  "databases by name; each encrypted with a key of its own",
  storeName("database name"),
  z.discriminatedUnion("engine", [
    postgres.safeExtend({ engine: z.literal("postgres"), recoveryClass }),
    documentCluster.safeExtend({ engine: z.literal("documentdb"), recoveryClass }),
    table.safeExtend({ engine: z.literal("dynamodb"), recoveryClass }),
  ]),
  { main: { engine: "postgres", instanceClass: "db.t4g.medium", databaseName: "app", applicationUser: "app_user", multiAz: true } },
);
