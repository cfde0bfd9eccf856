/** Whose word a change set needs, in the pull request's check as at the apply, and how GitHub and people say no. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { graveWord, wordOn } from "../../../ops/ci/gate.ts";
import { commentOnPullRequest } from "../../../ops/ci/pullComment.ts";
import { checkRisk } from "../../../ops/ci/risk.ts";
import { acknowledgedIn, acknowledgementLine } from "../../../ops/review/acknowledgement.ts";
import { commentText } from "../../../ops/review/comment.ts";
import { risks } from "../../../ops/review/risk.ts";
import type { StackReview } from "../../../ops/review/stackReview.ts";
import { type CraftedStep, reviewOf } from "../../harness/craftedReview.ts";
import { FakeGitHub, pipelineAuthor } from "../../harness/fakeGitHub.ts";

const queue = (name: string, after: number): Record<string, CraftedStep> => ({
  [name]: { before: { delaySeconds: 0, fifoQueue: false }, after: { delaySeconds: after, fifoQueue: false } },
});
const light = reviewOf({ ...queue("one", 5), ...queue("other", 7) });
const part = reviewOf(queue("other", 7));
const more = reviewOf({ ...queue("other", 7), ...queue("third", 1) });
const loss = (identifier: string) =>
  reviewOf({ main: { op: "delete", type: "aws:rds/instance:Instance", before: { identifier, storageEncrypted: true } } });
const grave = loss("main");
const same = reviewOf({});

const github = new FakeGitHub();
let folder = "";
let said: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "slipway-gate-"));
  said = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
  for (const [name, value] of Object.entries(await github.start())) vi.stubEnv(name, value);
  vi.stubEnv("GITHUB_STEP_SUMMARY", "");
  const event = { number: 12, user: { login: "ada" }, head: { sha: github.head }, base: { sha: "0".repeat(40) } };
  writeFileSync(join(folder, "event.json"), JSON.stringify({ pull_request: event }));
  vi.stubEnv("GITHUB_EVENT_PATH", join(folder, "event.json"));
  Object.assign(github, { ...new FakeGitHub(), approvals: [] });
  github.comments.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  github.stop();
  rmSync(folder, { recursive: true });
});

const leave = (...reviews: readonly StackReview[]) => {
  rmSync(join(folder, "artefacts"), { recursive: true, force: true });
  for (const review of reviews) {
    mkdirSync(join(folder, "artefacts", review.stack), { recursive: true });
    writeFileSync(join(folder, "artefacts", review.stack, "review.json"), JSON.stringify(review));
  }
};
const check = (names: readonly string[] = ["production"]) => checkRisk(join(folder, "artefacts"), names);
const ack = (review: StackReview) => acknowledgementLine(review.hash);

describe("the check of a pull request", () => {
  test("V9 fails for what is grave until somebody else has acknowledged this very change set", async () => {
    leave(grave);
    expect(await check()).toBe(1);
    expect(said.join("\n")).toContain(`production: data-loss, change set ${grave.hash.slice(0, 12)}.`);
    expect(said.join("\n")).toContain(`    ${ack(grave)}\n`);
    github.seed("grace", `Read it, the table is empty.\n${ack(grave)}\n`);
    expect(await check()).toBe(0);
    expect(said.at(-1)).toContain("Acknowledged by grace.");
    leave(loss("another"));
    expect(await check()).toBe(1);
  });

  test("passes what is not grave without asking GitHub for anything", async () => {
    leave(light);
    github.refusals = [{ path: /./, status: 500, message: "never asked" }];
    expect(await check()).toBe(0);
    expect(said).toEqual(["No stack's change needs an acknowledgement."]);
  });

  test("fails where a preview failed or left nothing: nobody knows what would happen", async () => {
    leave({ ...light, status: "failed" });
    expect(await check(["production", "uk"])).toBe(1);
    expect(said.join()).toMatch(/uk: its preview says nothing.*production: its preview says nothing/s);
  });

  test("asks for a word on each grave stack; one comment may hold them all", async () => {
    const uk = { ...loss("uk"), stack: "uk" };
    leave(grave, uk);
    github.seed("grace", ack(uk));
    expect(await check()).toBe(1);
    expect(said.join("\n")).not.toContain(`    ${ack(uk)}`);
    github.comments.length = 0;
    github.seed("grace", `${ack(uk)} ${grave.hash}`);
    expect(await check()).toBe(0);
  });

  test("finds the word on any page of comments", async () => {
    leave(grave);
    for (let index = 0; index < 230; index++) github.seed("somebody", `comment ${index}`);
    expect(await check()).toBe(1);
    github.seed("grace", ack(grave));
    expect(await check()).toBe(0);
  });

  test.each<[string, () => void, string]>([
    ["the author", () => github.seed("ada", ack(grave)), "ada opened the pull request or wrote a commit of it"],
    ["the author in other letters", () => github.seed("Ada", ack(grave)), "opened the pull request or wrote a commit of it"],
    [
      "somebody who wrote a commit of it",
      () => {
        github.commits = [...github.commits, { login: "grace", parents: 1 }];
        github.seed("grace", ack(grave));
      },
      "grace opened the pull request or wrote a commit of it",
    ],
    ["a bot", () => github.seed("dependabot[bot]", ack(grave)), "is a program"],
    ["a program in a person's name", () => github.seed("grace", ack(grave), { app: "assistant" }), "is a program, or wrote by one"],
    ["a comment that was edited since", () => github.seed("grace", ack(grave), { edited: true }), "has edited it since"],
    ["an account that is gone", () => github.seed(null, ack(grave)), "is an account that is gone"],
    ["the account of those that are gone", () => github.seed("ghost", ack(grave)), "is an account that is gone"],
    ["a stranger", () => github.seed("mallory", ack(grave)), "mallory may not write to this repository"],
    [
      "somebody who may read alone",
      () => {
        github.permissions = { reader: "read" };
        github.seed("reader", ack(grave));
      },
      "reader may not write to this repository",
    ],
  ])("does not count the word of %s, and says why", async (_, seed, why) => {
    leave(grave);
    seed();
    expect(await check()).toBe(1);
    expect(said.join("\n")).toContain(why);
  });

  test("counts whoever only merged the target branch into it", async () => {
    leave(grave);
    github.commits = [...github.commits, { login: "grace", parents: 2 }];
    github.seed("grace", ack(grave));
    expect(await check()).toBe(0);
  });

  test.each([
    ["quoted", (line: string) => `> ${line}`],
    ["within a sentence", (line: string) => `please ${line}`],
    ["with a shorter hash", (line: string) => line.slice(0, -1)],
    ["in code", (line: string) => `\`${line}\``],
  ])("takes no line %s", async (_, of) => {
    expect(acknowledgedIn(of(ack(grave)))).toEqual([]);
    expect(acknowledgedIn(`a\r\n${ack(grave).toUpperCase()} \r\nb`.replaceAll("\r", ""))).toEqual([grave.hash.slice(0, 12)]);
  });

  test.each<[string, () => void, RegExp]>([
    [
      "the token lacks a right",
      () => {
        github.refusals = [
          {
            ...{ path: /permission$/, status: 403, message: "Resource not accessible by integration" },
            headers: { "x-accepted-github-permissions": "metadata=read" },
          },
        ];
      },
      /403 to GET \/collaborators\/grace\/permission: .*lacks a right \(metadata=read\): see "permissions" of the job/s,
    ],
    [
      "the limit of calls is used up",
      () => {
        github.refusals = [
          {
            ...{ path: /comments$/, status: 403, message: "API rate limit exceeded for installation" },
            headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1796083200" },
          },
        ];
      },
      /rate limit exceeded.*answers again from 2026-12-01T00:00 UTC. Run this job again then/s,
    ],
    [
      "it asks to go slower",
      () => {
        github.refusals = [{ path: /commits$/, status: 429, message: "secondary rate limit", headers: { "retry-after": "60" } }];
      },
      /429 to GET \/pulls\/12\/commits: .*answers again from \d{4}-/s,
    ],
  ])("ends red when %s, with what helps", async (_, refuse, message) => {
    leave(grave);
    github.seed("grace", ack(grave));
    refuse();
    await expect(check()).rejects.toThrow(message);
  });

  test("every class that is graver than a guard is grave, and no other", async () => {
    for (const risk of risks) {
      leave({ ...grave, risk });
      expect([risk, await check()]).toEqual([risk, ["data-loss", "outage", "exposure"].includes(risk) ? 1 : 0]);
    }
  });
});

describe("the comment of a pull request", () => {
  const body = () => github.comments.find(({ user }) => user?.login === pipelineAuthor)!.body.split("\n\n");
  const write = async () => {
    leave(grave);
    await commentOnPullRequest(join(folder, "artefacts"), "slipway", ["production"]);
    return body();
  };

  test("V8 begins with it when the pull request changes the reviewer, also by moving a file away", async () => {
    github.files = [{ filename: "infra/index.ts" }, { filename: "attic/comment.ts", previous_filename: "ops/review/comment.ts" }];
    const [, first] = await write();
    expect(first).toMatch(/^⚠ \*\*This pull request changes the reviewer: read its diff first.\*\* `ops\/review\/comment.ts`\. /);
  });

  test("V8 begins with the verdict when it changes nothing but what is reviewed", async () => {
    github.files = [{ filename: "infra/index.ts" }, { filename: "Pulumi.production.yaml" }, { filename: "my-ops/notes.md" }];
    const [, first] = await write();
    expect(first).toMatch(/^### production: ⛔ \*\*data is at stake\*\*/);
  });

  test("V8 says when it could not ask, and when it is more than GitHub lists", async () => {
    github.refusals = [{ path: /files$/, status: 502, message: "Bad gateway" }];
    const [, first] = await write();
    expect(first).toMatch(/^⚠ \*\*Whether this pull request changes the reviewer is not known.\*\* GitHub answered 502/);
    github.refusals = [];
    github.files = Array.from({ length: 3000 }, (_, index) => ({ filename: `docs/${index}.md` }));
    expect((await write())[1]).toContain("changes 3000 files or more");
  });

  test("says which line acknowledges what is grave", async () => {
    expect((await write()).join("\n")).toContain(`writes a comment with the line \`${ack(grave)}\` (production)`);
  });
});

describe("an apply", () => {
  const read = (review: StackReview) =>
    github.seed(pipelineAuthor, commentText({ project: "slipway", commit: github.head, reviews: [review] }));
  const word = (approved: StackReview, now = approved) => wordOn({ approved, now });
  const kindOf = async (approved: StackReview, now = approved) => (await word(approved, now)).kind;
  const approveEnvironment = () => {
    github.approvals = [{ environment: "production", login: "grace", state: "approved" }];
  };

  test("V30 goes on with what the pull request's reviewers read, or a part of it", async () => {
    read(light);
    expect(await word(light)).toEqual({ kind: "given", lines: ["As reviewed in #12."] });
    expect(await word(part)).toEqual({ kind: "given", lines: ["A part of what was reviewed in #12; the rest is there already."] });
  });

  test("V30 without an approval does not go on with more than they read, and shows both lists and what to write", async () => {
    read(light);
    const { kind, lines } = await word(more);
    expect(kind).toBe("missing");
    const text = lines.join("\n");
    expect(text).toContain("production: nobody has read all of this change set, nor approved it. Nothing was changed.");
    const [, there = "", here = "", notThere = ""] =
      /Reviewed there:\n([\s\S]*)Here:\n([\s\S]*)Here and not there:\n([\s\S]*)/.exec(text) ?? [];
    expect([there.includes("one"), there.includes("third")]).toEqual([true, false]);
    expect([here.includes("other"), here.includes("third")]).toEqual([true, true]);
    expect([notThere.includes("`third`"), notThere.includes("`other`")]).toEqual([true, false]);
    expect(text).toContain(`    ${ack(more)}\n`);
    github.seed("grace", ack(more));
    expect(await word(more)).toEqual({ kind: "given", lines: ["Acknowledged by grace."] });
  });

  test("V30 of another value of what they read does not go on", async () => {
    read(light);
    expect(await kindOf(reviewOf(queue("other", 8)))).toBe("missing");
  });

  test("V30 goes on with what is left of a plan that was read, whatever is known by now", async () => {
    read(light);
    expect(await kindOf(light, part)).toBe("given");
  });

  test("V30 with an approval of its environment goes on with what nobody read", async () => {
    expect(await kindOf(light)).toBe("missing");
    approveEnvironment();
    expect(await word(light)).toEqual({ kind: "given", lines: ["Approved by grace."] });
    github.approvals = [{ environment: "staging", login: "grace", state: "approved" }];
    expect(await kindOf(light)).toBe("missing");
    github.approvals = [{ environment: "production", login: "grace", state: "rejected" }];
    expect(await kindOf(light)).toBe("missing");
  });

  test("V9 of what is grave needs the word on it, also where it was read and approved", async () => {
    read(grave);
    approveEnvironment();
    expect(await kindOf(grave)).toBe("missing");
    github.seed("ada", ack(grave));
    expect((await word(grave)).lines.join("\n")).toContain("ada opened the pull request or wrote a commit of it");
    github.seed("grace", ack(grave));
    expect(await kindOf(grave)).toBe("given");
  });

  test("V9 the word on another change set is none on this", async () => {
    github.seed("grace", ack(loss("another")));
    expect(await kindOf(grave)).toBe("missing");
  });

  describe("of several pull requests that a merge queue brought by one push", () => {
    const both = reviewOf({
      ...queue("one", 5),
      main: { op: "delete", type: "aws:rds/instance:Instance", before: { identifier: "main", storageEncrypted: true } },
    });
    const one = reviewOf(queue("one", 5));
    const at = (number: number, review: StackReview) =>
      github.seed(pipelineAuthor, commentText({ project: "slipway", commit: github.head, reviews: [review] }), { on: number });

    beforeEach(() => {
      github.pushed = { ["a".repeat(40)]: { number: 11, user: { login: "linus", type: "User" } } };
      writeFileSync(join(folder, "event.json"), JSON.stringify({ before: "b".repeat(40), after: github.head }));
    });

    test("V30 what the readers of any of them read was read", async () => {
      at(12, one);
      expect(await kindOf(reviewOf({ ...queue("one", 5), ...queue("third", 1) }))).toBe("missing");
      at(11, reviewOf(queue("third", 1)));
      expect((await word(reviewOf({ ...queue("one", 5), ...queue("third", 1) }))).lines).toEqual([
        "As reviewed in #12 and #11 together, or a part of that.",
      ]);
    });

    test("V9 the word on one of them is none on what is grave in the other, and its author's is none", async () => {
      at(12, one);
      at(11, grave);
      expect(await kindOf(both)).toBe("missing");
      github.seed("grace", ack(one), { on: 12 });
      expect(await kindOf(both)).toBe("missing");
      github.seed("linus", ack(grave), { on: 11 });
      expect((await word(both)).lines.join("\n")).toContain("linus opened the pull request or wrote a commit of it");
      github.seed("grace", ack(grave), { on: 11 });
      expect((await word(both)).lines).toEqual(["Acknowledged by grace, grace."]);
    });
  });

  test("V9 a plan says before its approval whether the word is there", async () => {
    read(grave);
    expect(await graveWord(light)).toBeUndefined();
    expect(await graveWord(grave)).toContain("**The apply will end red until this word is there.**");
    github.seed("grace", ack(grave));
    expect(await graveWord(grave)).toBe("Acknowledged by grace.");
    github.refusals = [{ path: /./, status: 502, message: "Bad gateway" }];
    expect(await graveWord(grave)).toContain("Whether this was acknowledged could not be asked: GitHub answered 502");
  });

  test("of a commit without a pull request says how it comes to one", async () => {
    github.pulls = [];
    expect((await word(grave)).lines.join("\n")).toContain("Revert the commit, and bring it by a pull request");
  });

  test("takes nobody's marker but the pipeline's", async () => {
    github.seed("mallory", commentText({ project: "slipway", commit: github.head, reviews: [light] }));
    expect(await kindOf(light)).toBe("missing");
  });

  test("whose plan said no change goes on with what was read where nobody is asked, and an approval of nothing is none", async () => {
    read(light);
    expect(await kindOf(same, part)).toBe("given");
    expect(await kindOf(same, more)).toBe("missing");
    approveEnvironment();
    expect((await word(same, part)).lines.join("\n")).toContain('Run the whole workflow again ("Re-run all jobs")');
  });

  test("V30 what only secrets change is read by no pull request, and holds no apply", async () => {
    const set = (environment: string, size: number, secretsUnread: boolean) =>
      reviewOf(
        { api: { before: { size: 1, password: "a" }, after: { size, password: environment } } },
        {},
        { secretsUnread, maskKey: secretsUnread ? "" : "k" },
      );
    read(set("a", 2, true));
    expect(await kindOf(set("a", 2, false))).toBe("given");
  });

  test("V30 of a change set that is too great for the comment is held against its hash", async () => {
    const many = reviewOf(Object.fromEntries(Array.from({ length: 1500 }, (_, index) => Object.entries(queue(`q${index}`, 1))).flat()));
    read(many);
    expect(github.comments[0]!.body.length).toBeLessThan(60_000);
    expect(await kindOf(many)).toBe("given");
    expect(await kindOf(reviewOf(queue("q1", 1)))).toBe("missing");
  });
});
