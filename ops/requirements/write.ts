/** `npm run schema`: writes docs/requirements.md from docs/requirements.yaml. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requirementsPage } from "./page.ts";
import { readCatalogue } from "./requirement.ts";

const docs = join(import.meta.dirname, "..", "..", "docs");
writeFileSync(join(docs, "requirements.md"), requirementsPage(readCatalogue(readFileSync(join(docs, "requirements.yaml"), "utf8"))));
