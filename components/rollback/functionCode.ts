/** The function's code as it is deployed: the files of `function/`, which run in Lambda as they are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asset } from "@pulumi/pulumi";

const files = ["index.mjs", "cloud.mjs", "decision.mjs"] as const;

/** The code. As text, so that neither state nor diff depends on where the project is on a disk. */
export function functionCode(): asset.AssetArchive {
  const folder = join(import.meta.dirname, "function");
  return new asset.AssetArchive(
    Object.fromEntries(files.map((file) => [file, new asset.StringAsset(readFileSync(join(folder, file), "utf8"))])),
  );
}
