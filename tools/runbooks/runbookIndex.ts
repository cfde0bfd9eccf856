/** The first page of the runbooks: from a decision to a page, and every page there is. */
import type { Page } from "../../ops/runbook/page.ts";
import { placeholders } from "../../ops/runbook/placeholders.ts";

/** Headings that a page has, in this order. */
export const runbookSections = ["What you see", "What users see", "First five minutes", "Decide", "Afterwards"] as const;

/** Decisions that somebody has to take, and the page that helps. */
export const decisions: readonly (readonly [question: string, slug: string])[] = [
  ["How bad is it, who does what, who is notified?", "severities"],
  ["I was woken and know nothing yet", "page"],
  ["Something was released: back, or forward?", "auto-rollback"],
  ["We launch: what is watched, what may change?", "first-72-hours"],
  ["It cannot wait for the normal way", "hotfix"],
  ["A secret is old, or was seen", "secret-rotation"],
  ["Somebody changed something by hand", "drift"],
  ["The stack is locked", "unlock"],
];

/** The index as Markdown. */
export function runbookIndex(pages: readonly Pick<Page, "slug" | "title">[]): string {
  const link = (slug: string) => `[${slug}](${slug}.md)`;
  return `${[
    "# Runbooks",
    "",
    "An alarm's text ends with the name of its page; [docs/alarms.md](../alarms.md) lists alarms, thresholds and pages. Made by `npm run schema`.",
    "",
    "`npx slipway runbook <alarm> --stack production` prints an alarm's page with every value of the stack filled in, with the commands for that stack; without an",
    "alarm it tells what rings. It reads the stack's state, asks no engine and works beside a lock.",
    "",
    "Before any `slipway` command name the state, or it speaks of the simulated cloud, and says so: `export PULUMI_BACKEND_URL='s3://<bucket>?region=<region>'`.",
    "",
    "| You have to decide | Page |",
    "|---|---|",
    ...decisions.map(([question, slug]) => `| ${question} | ${link(slug)} |`),
    "",
    "| Page | What has happened |",
    "|---|---|",
    ...pages.map(({ slug, title }) => `| ${link(slug)} | ${title} |`),
    "",
    "## Add one",
    `A file \`docs/runbooks/<slug>.md\` with a title and the sections ${runbookSections.map((section) => `*${section}*`).join(", ")}. Only commands that`,
    "exist. An alarm names the slug in its definition (`runbook`); a test refuses a slug without a page. What an incident taught goes into its page in the",
    "same week, with the config that changed.",
    "",
    "Commands begin with `npx slipway` and name `--stack production`, those of AWS `--region`, those of a cluster `--context` and `--namespace`; a test refuses others.",
    "The first one of *First five minutes* is Slipway's. What only the stack knows stands in double braces; the command above finds it by one table,",
    "`ops/runbook/placeholders.ts`:",
    "",
    "| In a page | Is |",
    "|---|---|",
    ...Object.entries(placeholders).map(([name, { about }]) => `| \`{{${name}}}\` | ${about} |`),
    "",
    "A part between `<!-- for kubernetes -->` and `<!-- end -->` is printed for stacks that have it: `ecs`, `kubernetes`; `awsWaf`, `cloudflare`; `postgres`,",
    "`documentdb`, `dynamodb`.",
  ].join("\n")}\n`;
}
