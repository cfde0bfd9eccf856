/**
 * `npm run findings -- [<report.json>]`: the page of findings against real clouds and clusters, on standard output: what was found, the tests of it,
 * how they failed, and what answered it. The report is one of `vitest run --reporter=json`; without it the page does not say what passes.
 *
 * A finding lands as two commits. In the first its test stands under `it.fails`, its title begins with the id ("A10 …", "case 07 …",
 * "other systems 5.4 …"), and the message quotes how it fails. The second takes `.fails` away, and `open` out of `findings.yaml`. A
 * finding that is answered otherwise is named in a record of docs/decisions. A case has a script of its own outside of this
 * repository: what that said on the commit it was written against, and what it says since, stands in `findingOutputs.yaml`.
 */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const catalogue = z.record(
  z.string().regex(/^(?:[ACKNV]\d+|case \d+[a-z]?|other systems \d+\.\d+)$/),
  z.strictObject({ about: z.string(), open: z.literal(true).optional(), script: z.literal(false).optional() }),
);

/** What the script of a case said, by the commit that it ran on. */
const outputs = z.record(z.string().regex(/^case \d+[a-z]?$/), z.strictObject({ before: output(), now: output() }));
function output() {
  return z.strictObject({ commit: z.string().regex(/^[0-9a-f]{7,40}$/), said: z.string().min(1) });
}

/** A test whose title begins with a finding's id; under `.fails` the finding is shown and not answered yet. */
interface FindingTest {
  readonly id: string;
  readonly title: string;
  readonly fails: boolean;
}

/** A commit, with the titles that it put under `.fails`, and those that it took from there. */
type FindingCommit = Readonly<Record<"hash" | "message", string> & Record<"shown" | "answered", readonly string[]>>;

/** What the tree and its history say of all findings. */
export interface Findings {
  readonly catalogue: Readonly<Record<string, z.infer<typeof catalogue>[string]>>;
  readonly tests: readonly FindingTest[];
  /** By id, of cases. */
  readonly outputs: z.infer<typeof outputs>;
  /** Texts of docs/decisions, by file. */
  readonly decisions: Readonly<Record<string, string>>;
  /** Oldest first; none where the clone is shallow or has no history. */
  readonly commits: readonly FindingCommit[];
}

/** A call whose first text begins like an id; `.fails` may stand before a table (`test.fails.each(…)("A16 …`). */
const call = /(\.fails\b(?:\.each(?:<[^(]*>)?\([\s\S]*?\))?)?\(\s*(["'`])(([ACKNV]\d+|case \d+[a-z]?|other systems \d+\.\d+) [\s\S]*?)\2/g;
/** A test that could not even begin shows nothing of what it is about. */
const noFailure =
  /(?:Syntax|Reference|Type)Error|error TS\d|Cannot find (?:module|package)|not provide an export|Failed to (?:load|resolve)/;
const text = (file: string) => readFileSync(file, "utf8");

/** Tests of findings in a source. */
export function testsIn(source: string): FindingTest[] {
  return [...source.matchAll(call)].map(([, fails, , title = "", id = ""]) => ({ id, title, fails: fails !== undefined }));
}

/** Reads `git log --reverse -p` with `%x1e%H%x1f%B%x1f` before each patch. */
export function commitsIn(log: string): FindingCommit[] {
  return log
    .split("\x1e")
    .slice(1)
    .map((entry) => {
      const [hash = "", message = "", patch = ""] = entry.split("\x1f");
      const side = (sign: string) => {
        const lines = patch.split("\n").filter((line) => line.startsWith(sign) || line.startsWith(" "));
        return testsIn(lines.map((line) => line.slice(1)).join("\n"));
      };
      const [before, after] = [side("-"), side("+")];
      const under = (tests: readonly FindingTest[]) => tests.filter(({ fails }) => fails).map(({ title }) => title);
      const [shown, held] = [under(after), under(before)];
      return {
        hash: hash.slice(0, 9),
        message: message.trim(),
        shown: shown.filter((title) => !held.includes(title)),
        answered: held.filter((title) => !shown.includes(title)),
      };
    })
    .filter(({ shown, answered }) => shown.length + answered.length > 0);
}

/** Reads a checkout. */
export function readFindings(root: string): Findings {
  const texts = (pattern: string) => Object.fromEntries(globSync(pattern, { cwd: root }).map((file) => [file, text(join(root, file))]));
  const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8", maxBuffer: 2 ** 30, stdio: "pipe" });
  let log = "";
  try {
    const whole = git("rev-parse", "--is-shallow-repository").trim() === "false";
    log = whole ? git("log", "--reverse", "-p", "-U60", "--format=%x1e%H%x1f%B%x1f", "-G\\.fails", "--", "test") : "";
  } catch {} // No repository: the tree speaks for itself.
  const listed = (name: string): unknown => parse(text(join(root, "tools", name)));
  return {
    catalogue: catalogue.parse(listed("findings.yaml")),
    outputs: outputs.parse(listed("findingOutputs.yaml")),
    tests: Object.entries(texts("test/**/*.ts")).flatMap(([file, source]) => (file.endsWith("findings.test.ts") ? [] : testsIn(source))),
    decisions: texts("docs/decisions/*.md"),
    commits: commitsIn(log),
  };
}

/** What is not as it must be, a sentence each. */
export function problemsOf(findings: Findings): string[] {
  const unknown = findings.tests.filter(({ id }) => !(id in findings.catalogue)).map(({ title }) => `${title}: no finding of this id`);
  const silent = Object.entries(findings.catalogue).filter(
    ([id, { open, script }]) => id.startsWith("case ") && !open && script !== false && !(id in findings.outputs),
  );
  const without = silent.map(([id]) => `${id}: tools/findingOutputs.yaml does not have what its script says`);
  return [
    ...unknown,
    ...without,
    ...Object.entries(findings.catalogue).flatMap(([id, { open }]) => idProblems(findings, id, open === true)),
  ];
}

function idProblems(findings: Findings, id: string, open: boolean): string[] {
  const { tests, decided, shown } = of(findings, id);
  const failing = tests.filter(({ fails }) => fails);
  if (failing.length > 0 && !open) return failing.map(({ title }) => `${title}: fails still, and ${id} is not open in tools/findings.yaml`);
  const answered = decided.length > 0 || (tests.length > 0 && failing.length === 0);
  if (answered && open) return [`${id}: answered, and open in tools/findings.yaml still`];
  if (!answered && !open) return [`${id}: no test, no decision record, and not open in tools/findings.yaml`];
  const never = tests.filter(({ title, fails }) => !fails && !shown.some((commit) => commit.shown.includes(title)));
  if (findings.commits.length > 0 && never.length === tests.length && tests.length > 0 && decided.length === 0)
    return [`${id}: no commit has a test of it under it.fails with a failure that counts`];
  return [];
}

function of({ tests, decisions, commits }: Findings, id: string) {
  const mine = tests.filter((test) => test.id === id);
  const titles = new Set(mine.map(({ title }) => title));
  const named = new RegExp(`\\b${id.replace(".", "\\.")}\\b`);
  return {
    tests: mine,
    decided: Object.keys(decisions).filter((file) => named.test(decisions[file] ?? "")),
    shown: commits.filter((commit) => commit.shown.some((title) => titles.has(title)) && !noFailure.test(commit.message)),
    answered: commits.filter((commit) => commit.answered.some((title) => titles.has(title))),
  };
}

/** The page. @param passed titles of the tests that passed, where a run has been reported */
export function findingsPage(findings: Findings, passed?: ReadonlySet<string>): string {
  const rows = Object.entries(findings.catalogue).map(([id, { about }]) => {
    const { tests, decided, shown, answered } = of(findings, id);
    const state = ({ title, fails }: FindingTest) =>
      fails ? "fails" : passed === undefined ? "" : passed.has(title) ? "passes" : "DID NOT PASS";
    const failure = shown.map(({ hash, message }) => `${hash}: ${message.split("\n").slice(1).join(" ").trim()}`);
    const now = [...answered.map(({ hash, message }) => `${hash}: ${message.split("\n")[0]}`), ...decided];
    return [id, about, tests.map((test) => `${test.title} ${state(test)}`.trim()).join("; "), failure.join("; "), now.join("; ") || "open"];
  });
  const table = [["id", "found", "tests", "failure", "now"], Array(5).fill("---"), ...rows];
  const lines = table.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
  const scripts = Object.entries(findings.outputs).map(([id, { before, now }]) =>
    [`## ${id}`, ...[before, now].map(({ commit, said }) => `On ${commit}:\n\n\`\`\`\`text\n${said.trimEnd()}\n\`\`\`\``)].join("\n\n"),
  );
  return [`# Findings against real clouds and clusters`, lines.join("\n"), ...scripts].join("\n\n");
}

const suite = z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) });
const report = z.object({ testResults: z.array(suite) });

if (import.meta.main) {
  const findings = readFindings(join(import.meta.dirname, ".."));
  const results = process.argv.slice(2).flatMap((file) => report.parse(JSON.parse(text(file))).testResults);
  const passed = results.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === "passed"));
  console.log(findingsPage(findings, results.length === 0 ? undefined : new Set(passed.map(({ title }) => title))));
  const problems = problemsOf(findings);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
