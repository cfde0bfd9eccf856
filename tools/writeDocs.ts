/** `npm run schema`: writes every page, schema and module that is made from the code or from a catalogue. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { baseSchema, stackFileSchema } from "../ops/config/jsonSchema.ts";
import { pagesIn } from "../ops/runbook/page.ts";
import { alarmsPage } from "./alarms/page.ts";
import { shippedStacks } from "./alarms/stacks.ts";
import { componentPages } from "./componentReference.ts";
import { configPages, configReference } from "./configReference.ts";
import { functionCore, functionCoreFile } from "./functionCore.ts";
import { requirementsPage } from "./requirements/page.ts";
import { readCatalogue } from "./requirements/requirement.ts";
import { runbookIndex } from "./runbooks/runbookIndex.ts";

const root = join(import.meta.dirname, "..");
const docs = join(root, "docs");
const runbooks = join(docs, "runbooks");

/** Texts by file in a folder. */
function under(folder: string, texts: readonly (readonly [file: string, text: string])[]): Record<string, string> {
  return Object.fromEntries(texts.map(([file, text]) => [join(folder, file), text]));
}

const pages: Readonly<Record<string, string>> = {
  [join(root, "infra", "config", "stack.schema.json")]: `${JSON.stringify(stackFileSchema(), null, 2)}\n`,
  [join(root, "infra", "config", "base.schema.json")]: `${JSON.stringify(baseSchema(), null, 2)}\n`,
  [join(docs, "config.md")]: configReference(),
  ...under(
    join(docs, "config"),
    Object.entries(configPages()).map(([area, text]) => [`${area}.md`, text] as const),
  ),
  ...under(join(docs, "components"), Object.entries(await componentPages())),
  [join(docs, "requirements.md")]: requirementsPage(readCatalogue(readFileSync(join(docs, "requirements.yaml"), "utf8"))),
  [join(root, functionCoreFile)]: functionCore(),
  [join(docs, "alarms.md")]: alarmsPage(shippedStacks()),
  [join(runbooks, "README.md")]: runbookIndex(pagesIn(runbooks)),
};
for (const [file, text] of Object.entries(pages)) writeFileSync(file, text);
