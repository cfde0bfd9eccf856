/** The plan of a merge says whether it is what the reviewers of its pull request read. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { asReviewed } from "../../../ops/ci/reviewed.ts";
import { markerText } from "../../../ops/review/commentMarker.ts";
import { reviewOf } from "../../harness/craftedReview.ts";
import { FakeGitHub, pipelineAuthor } from "../../harness/fakeGitHub.ts";

const review = reviewOf({ jobs: { before: { delaySeconds: 0 }, after: { delaySeconds: 5 } } }, {}, { project: "shop" });
const github = new FakeGitHub();
const marker = (stacks: Readonly<Record<string, string>>) => markerText({ project: "shop", commit: github.head, run: 3, stacks });
const said = () => asReviewed(review, github.head);

beforeEach(async () => {
  for (const [name, value] of Object.entries(await github.start())) vi.stubEnv(name, value);
  github.comments.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  github.stop();
});

test("V30 the same change set is as reviewed, another is not", async () => {
  github.seed("somebody", marker({ production: review.hash.slice(0, 16) }));
  expect(await said()).toBe("#12 has no review of production: nobody has read this change set.");
  github.seed(pipelineAuthor, marker({ production: review.hash.slice(0, 16) }));
  expect(await said()).toBe("As reviewed in #12.");
  github.comments.length = 0;
  github.seed(pipelineAuthor, marker({ production: "0123456789abcdef" }));
  expect(await said()).toContain(`**Differs from what was reviewed in #12**: change set \`0123456789ab\` there`);
});

test("V30 a commit without a pull request is said, and a GitHub that does not answer holds no plan", async () => {
  github.pulls = [{ number: 13, merged_at: null }];
  expect(await said()).toBe("4f1c0de5a7b3 is of no pull request: nobody has reviewed this change set.");
  vi.stubEnv("GITHUB_TOKEN", "wrong");
  expect(await said()).toContain("could not be asked: GitHub answered 401");
});

test("V4 a plan of a commit that is no longer the branch's newest says so", async () => {
  const commit = github.head;
  expect(await asReviewed(review, "9".repeat(40))).toContain(
    "**999999999999 is 1 commit behind main**: only traffic that returns is applied of it.",
  );
  expect(await asReviewed(review, commit)).not.toContain("behind");
});

test("a GitHub that cannot be reached is named", async () => {
  vi.stubEnv("GITHUB_API_URL", "http://127.0.0.1:2");
  expect(await said()).toMatch(/could not be asked: GitHub did not answer to GET \/commits\/[0-9a-f]{40}\/pulls: .*ECONNREFUSED/);
});
