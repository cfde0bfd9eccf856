/** The first block of every runbook, filled in and run: Slipway's commands in the sandbox, those of clouds by what their programs know (test/unit/runbooks). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolvedConfig } from "../../ops/config/show.ts";
import { checkpointIn } from "../../ops/engine/checkpoint.ts";
import type { StateResource } from "../../ops/engine/state.ts";
import { findProject } from "../../ops/project/project.ts";
import { type Page, runbookPages } from "../../ops/runbook/page.ts";
import { chosen, fill, type Known } from "../../ops/runbook/runbook.ts";
import { watchedAlarms } from "../../ops/runbook/watchedAlarm.ts";
import { awsCommandsIn, kubectlCommandsIn } from "../../tools/runbooks/cloudCommands.ts";
import { fc } from "../harness/campaign.ts";
import { exampleStacks } from "../harness/config.ts";
import { carriedStores, twoRegions } from "../harness/failoverStack.ts";
import { knownOf as declared, runbookFolder } from "../harness/runbooks.ts";
import { onlyApi, unwatched, watchedRelease } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

/** Watched, released, and asked from outside. */
const watched = new StackUnderTest("staging", watchedRelease);
/** With stores, their backups, a firewall, and a region that stands by. */
const stored = new StackUnderTest("staging", {
  ...unwatched,
  ...onlyApi,
  ...carriedStores,
  ...twoRegions("manual_approval"),
  edge: { provider: "awsWaf", rules: { "bad-country": { type: "match", priority: 5, mode: "block", when: { countries: ["KP"] } } } },
  "backup.ownsRegionSettings": true,
  "backup.plans.main": {
    stores: { databases: ["main"], buckets: ["metadata"] },
    rules: { daily: { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 } },
  },
});

beforeAll(async () => {
  await watched.prepare();
  await stored.prepare();
});
afterAll(() => {
  watched.remove();
  stored.remove();
});

/** Pages whose first block is about what only the second stack has. */
const aboutStores = /\b(?:backup|failover|restoration|waf)\b/;

/** A command as it was run. */
interface Run {
  readonly exitCode: number;
  readonly said: string;
}

test("the first block of every page runs as it is pasted", async () => {
  const pages = [...runbookPages(runbookFolder).values()];
  const known = new Map([watched, stored].map((stack) => [stack, knownOf(stack)] as const));
  const runs = new Map<string, Promise<Run>>();
  const rows: { readonly slug: string; readonly ran: number; readonly understood: number; readonly wrong: readonly string[] }[] = [];
  for (const page of pages) {
    const stack = aboutStores.test(fillFor(page, known.get(watched)).first.join("\n")) ? stored : watched;
    const lines = fillFor(page, known.get(stack)).first;
    const own = lines.filter((line) => line.startsWith("npx slipway "));
    const wrong: string[] = [];
    for (const line of own) {
      const { exitCode, said } = await run(stack, line, runs);
      if (exitCode > 1) wrong.push(`${page.slug}: ${line}: ${exitCode}: ${said.slice(0, 300)}`);
    }
    const others = lines.filter((line) => !own.includes(line));
    const understood = others.filter(
      (line) => /^curl /.test(line) || awsCommandsIn(fenced(line)).length + kubectlCommandsIn(fenced(line)).length === 1,
    );
    wrong.push(...others.filter((line) => !understood.includes(line)).map((line) => `${page.slug}: ${line}: nobody knows this program`));
    rows.push({ slug: page.slug, ran: own.length, understood: understood.length, wrong });
  }
  const drawn = fc.sample(fc.constantFrom(...(await shippedAlarms())), { seed: 15, numRuns: 15 });
  const begin = await Promise.all(drawn.map(async ({ alarm, known: theirs, page }) => fill(page, alarm, theirs).first[0] ?? ""));
  const beginnings = begin.filter((line) =>
    [...runs.keys()].some((key) => key.endsWith(` ${line.replace("--stack production", "--stack staging")}`)),
  );
  console.log(`15 alarms by seed 15: first command of the page runs: ${beginnings.length}`);
  expect(beginnings).toEqual(begin);
  const whole = rows.filter(({ ran, wrong }) => ran > 0 && wrong.length === 0).length;
  console.log(
    rows
      .map(
        ({ slug, ran, understood, wrong }) =>
          `${slug}: ${wrong.length === 0 ? "runs" : "FAILS"}, ${ran} of Slipway run, ${understood} of clouds known`,
      )
      .join("\n"),
  );
  console.log(`first blocks: ${whole} of ${pages.length} run; ${runs.size} commands were run`);
  expect(rows.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(whole).toBe(pages.length);
});

function fenced(line: string): string {
  return `\`\`\`bash\n${line}\n\`\`\`\n`;
}

/** Every alarm of the production stacks that are shipped, with its page. */
async function shippedAlarms() {
  const all = [];
  for (const stack of exampleStacks.filter((name) => name.endsWith("/production"))) {
    const theirs = await declared(stack);
    all.push(...theirs.alarms.map(({ name }) => ({ known: theirs, ...chosen(name, theirs) })));
  }
  return all;
}

function knownOf(stack: StackUnderTest): Known {
  const config = resolvedConfig(stack.file);
  const file = join(stack.folder, ".slipway", "state", ".pulumi", "stacks", findProject(stack.folder).name, `${stack.stack}.json`);
  const { resources = [] } = checkpointIn(readFileSync(file, "utf8")).checkpoint.latest ?? {};
  const state = { resources: resources as readonly StateResource[], pendingOperations: [] };
  return { config, flags: { stack: "staging" }, state, alarms: watchedAlarms(state, config), pages: new Map() };
}

function fillFor(page: Page, known: Known | undefined): ReturnType<typeof fill> {
  if (known === undefined) throw new Error("no stack");
  const alarm = known.alarms.find((one) => one.page === page.slug);
  return fill(page, alarm, known);
}

/** Runs a command of Slipway, once for each stack. */
function run(stack: StackUnderTest, line: string, runs: Map<string, Promise<Run>>): Promise<Run> {
  const key = `${stack.folder} ${line}`;
  const before = runs.get(key) ?? ran(stack, line.replace(/^npx slipway /, ""));
  runs.set(key, before);
  return before;
}

async function ran(stack: StackUnderTest, words: string): Promise<Run> {
  const parts = [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = ""]) => quoted ?? plain);
  const { exitCode, stdout, stderr } = await stack.slipway(...parts);
  return { exitCode, said: `${stderr}\n${stdout}` };
}
