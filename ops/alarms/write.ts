/** `npm run schema`: writes docs/alarms.md from the shipped production stacks. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { alarmsPage } from "./page.ts";
import { shippedStacks } from "./stacks.ts";

writeFileSync(join(import.meta.dirname, "..", "..", "docs", "alarms.md"), alarmsPage(shippedStacks()));
