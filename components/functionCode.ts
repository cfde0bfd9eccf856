/** A Lambda function's code as it is deployed: files that lie beside its component and run in Lambda as they are. */
import { asset } from "@pulumi/pulumi";
import { componentFile } from "./componentFile.cjs";

/**
 * The code. As text, so that neither state nor diff depends on where the project is on a disk.
 * @param files by name in the function: path from `components`
 * @throws Error when a file is not there
 */
export function functionCode(files: Readonly<Record<string, string>>): asset.AssetArchive {
  return new asset.AssetArchive(
    Object.fromEntries(Object.entries(files).map(([name, path]) => [name, new asset.StringAsset(componentFile(path))])),
  );
}
