/** Writes docs/runbooks/README.md. Run by `npm run schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runbookIndex, runbooksIn } from "./runbookIndex.ts";

const folder = join(import.meta.dirname, "..", "..", "docs", "runbooks");
writeFileSync(join(folder, "README.md"), runbookIndex(runbooksIn(folder)));
