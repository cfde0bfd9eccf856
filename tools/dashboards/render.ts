/** Pictures of the dashboards and the page that shows them: `npm run dashboards`. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardPage } from "./page.ts";

const root = join(import.meta.dirname, "..", "..");
const { page, pictures } = await dashboardPage(root);
const folder = join(root, "docs", "dashboards");
mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder).filter((name) => name.endsWith(".svg"))) rmSync(join(folder, old));
for (const [file, picture] of Object.entries(pictures)) writeFileSync(join(folder, file), picture);
writeFileSync(join(root, "docs", "dashboards.md"), page);
console.log(`docs/dashboards.md with ${Object.keys(pictures).length} pictures`);
