/** Config areas `buckets` and `fileSystems`: objects and shared files, by name. */
import { mapByName, storeName } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";
import { dataBucket, fileSystem } from "../../storage/contract.ts";
import { regions } from "./account.ts";
import { recoveryClass } from "./databases.ts";

const [privateBucket, uploads, documents] = dataBucket.options;

const replicaRegion = z
  .enum(regions)
  .optional()
  .describe("region of a second copy, in step within 15 minutes, in a bucket and under a key of its own")
  .meta({ examples: ["us-west-2"] });

export const buckets = mapByName(
  "private, versioned buckets by name, each encrypted with a key of its own",
  storeName("bucket name"),
  z.discriminatedUnion("purpose", [
    privateBucket.safeExtend({ recoveryClass }),
    uploads.safeExtend({ recoveryClass }),
    documents.safeExtend({ replicaRegion, recoveryClass }),
  ]),
  { kyc: { purpose: "documents", lock: { mode: "governance", days: 30 } } },
);

export const fileSystems = mapByName(
  "file systems that tasks of several services can share, by name, each encrypted with a key of its own",
  storeName("file system name"),
  fileSystem.extend({ recoveryClass }).prefault({}),
  { uploads: {} },
);
