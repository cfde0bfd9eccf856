/** Takes away what `prepack.ts` made in a package's folder: the repository runs its sources, and nothing may find an old build of them. */
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { packageOf, root } from "./packages.ts";

const { workspace } = packageOf(basename(process.cwd()));
for (const made of ["dist", "LICENSE"]) rmSync(join(root, workspace, made), { recursive: true, force: true });
