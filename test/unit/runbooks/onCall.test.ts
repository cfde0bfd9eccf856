/** What on-call walks found in the runbooks: their commands, as somebody pastes them at night. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "..", "..", "..", "docs", "runbooks");
const pages = globSync("*.md", { cwd: folder }).filter((file) => file !== "README.md");

/** Lines of blocks that call one of these programs, by page. */
function commands(programs: string): { readonly page: string; readonly line: string }[] {
  return pages.flatMap((page) => {
    const blocks = [...readFileSync(join(folder, page), "utf8").matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
    const lines = blocks.flatMap((block) => block.replaceAll(/ *\\\n */g, " ").split("\n"));
    return lines.filter((line) => new RegExp(`^(?:npx )?(?:${programs}) `).test(line)).map((line) => ({ page, line }));
  });
}

it("N7 commands of runbooks name the stack that they change", () => {
  const bare = commands("pulumi|slipway").filter(({ line }) => !line.includes("--stack ") || /^pulumi /.test(line));
  expect(bare).toEqual([]);
});

it("N18 commands of runbooks name the region that they ask, and what pages is asked too", () => {
  expect(commands("aws").filter(({ line }) => !line.includes("--region "))).toEqual([]);
  const alarms = commands("aws").filter(({ line }) => line.includes("describe-alarms") && line.includes("--state-value ALARM"));
  expect(alarms.filter(({ line }) => !line.includes("CompositeAlarm"))).toEqual([]);
});

it("N20 no command of a runbook has a gap that the reader has to fill", () => {
  const gap = /<[a-z][^>]*>| (?:IDENTIFIER|CLUSTER|SERVICE|ARN|[A-Z])(?= |$)/;
  expect(commands("aws|kubectl|curl|pulumi|slipway").filter(({ line }) => gap.test(line))).toEqual([]);
  expect(
    pages.filter((page) => !/^## First five minutes\n[\s\S]*?^```bash\n[\s\S]*?^## Decide/m.test(readFileSync(join(folder, page), "utf8"))),
  ).toEqual([]);
});

it("N32 commands of runbooks begin with npx slipway", () => {
  expect(commands("slipway").filter(({ line }) => !line.startsWith("npx "))).toEqual([]);
});

it("N22 the page of the firewall asks where the rule is, and names no mode that a plan refuses", () => {
  const page = readFileSync(join(folder, "waf-blocking.md"), "utf8");
  expect(commands("npx slipway waf|slipway waf").map(({ line }) => line)).toContainEqual(
    expect.stringContaining("waf blocked --stack production"),
  );
  expect(page).toMatch(/Cloudflare's plan[^.]*`off`/);
});
