/** Runbooks: the index is whole, every page has its sections, every link exists. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { pagesIn } from "../../ops/runbook/page.ts";
import { decisions, runbookIndex, runbookSections } from "../../tools/runbooks/runbookIndex.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, "docs", "runbooks");
const pages = pagesIn(folder);

test("the index is the one that the pages give; `npm run schema` writes it", async () => {
  await expect(runbookIndex(pages)).toMatchFileSnapshot(join(folder, "README.md"));
});

test("each decision has its page", () => {
  for (const [question, slug] of decisions) expect(existsSync(join(folder, `${slug}.md`)), question).toBe(true);
});

/** Figures that people go by, as the systems' guides have them. */
const figures: Readonly<Record<string, readonly string[]>> = {
  "auto-rollback": [
    "watch for 24 hours",
    "escalate to the team lead",
    "users cannot use the platform",
    "back end, by config | 1–3 minutes",
    "front end | 2–5 minutes",
    "tasks started again | 30 s",
    "database | 5–30 minutes",
    "under 30 seconds",
    "under 2 minutes in an emergency and under 5 minutes otherwise",
    "in 1–5 minutes",
    "under 30 minutes",
    "critical issue in under 5 minutes",
    "Rehearse before each launch",
  ],
  "first-72-hours": [
    "all frozen",
    "hotfixes only",
    "planned fixes and hotfixes",
    "CPU < 70 %",
    "health < 100 ms",
    "average < 500 ms, p95 < 1 s",
    "errors < 1 %",
    "< 80 % of the pool",
    "queries < 200 ms",
    "page < 3 s",
    "> 95 % successful",
    "search < 1 s",
    "reconnects < 5 %",
    "Over 3 %: act; over 5 %",
    "first 48 hours",
    "staging tested 1–2 days, load 1 day, security 1 day",
    "daily in the first week, weekly in the first month",
    "critical fault, no data lost and no security incident",
  ],
  hotfix: ["`JWT_SECRET`, connection string", "Watch 30 minutes", "interface, texts, styling", "second person's approval"],
  "secret-rotation": ["everybody is logged out", "openssl rand -hex 32", "roles by OIDC, an hour long"],
  severities: [
    "15 minutes",
    "1 hour",
    "4 hours",
    "24 hours",
    "within 2 hours",
    "In the first 48 hours after a launch somebody of the team is on call",
    "on call, primary and secondary",
    "infrastructure",
    "legal and compliance",
    "Vercel (enterprise plan), Render (professional plan), OpenAI (API channel), TitlePoint (integration)",
  ],
  maintenance: [
    "weekly",
    "monthly",
    "quarterly",
    "2 hours",
    "24 hours",
    "a week",
    "slipway drill region",
    "before their first shift on call",
  ],
};

test.each(Object.entries(figures))("%s has the figures of the systems' guides", (slug, expected) => {
  const text = readFileSync(join(folder, `${slug}.md`), "utf8")
    .replaceAll("**", "")
    .replace(/\s+/g, " ");
  expect(expected.filter((figure) => !text.includes(figure))).toEqual([]);
});

describe.each(pages)("$slug", ({ slug, title }) => {
  const file = join(folder, `${slug}.md`);
  const text = readFileSync(file, "utf8");

  test("has a title and the five sections, in order", () => {
    expect(title).toMatch(/^[A-Z]/);
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([...runbookSections]);
  });

  test("links lead somewhere", () => {
    const targets = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !target.startsWith("http"));
    expect(targets.filter((target) => !existsSync(join(dirname(file), target)))).toEqual([]);
  });
});
