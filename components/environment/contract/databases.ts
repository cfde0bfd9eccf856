/** Config area `databases`: PostgreSQL, DocumentDB and DynamoDB, by name. */
import { mapByName, pinnedImage, storeName } from "../../contract/fields.ts";
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

/** psql of PostgreSQL 17, as Docker publishes it there for both architectures. Anybody may pull it who has a way to the internet. */
const psql = "public.ecr.aws/docker/library/postgres@sha256:742f40ea20b9ff2ff31db5458d127452988a2164df9e17441e191f3b72252193";

const init = z
  .strictObject({
    image: pinnedImage
      .default(psql)
      .describe(
        "image with psql 14 or newer, by registry, repository and digest; without a way to the internet one in the stack's own registry that has Amazon's certificates in /etc/ssl/certs/rds.pem",
      ),
  })
  .prefault({})
  .describe("how slipway database init makes the application user");

export const databases = mapByName(
  "databases by name; each encrypted with a key of its own",
  storeName("database name"),
  z.discriminatedUnion("engine", [
    postgres.safeExtend({ engine: z.literal("postgres"), recoveryClass, init }),
    documentCluster.safeExtend({ engine: z.literal("documentdb"), recoveryClass }),
    table.safeExtend({ engine: z.literal("dynamodb"), recoveryClass }),
  ]),
  { main: { engine: "postgres", instanceClass: "db.t4g.medium", databaseName: "app", applicationUser: "app_user", multiAz: true } },
);
