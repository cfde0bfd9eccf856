/** What stands in for GitHub's runs of the workflows: who runs, who waits, who is left out. */
import { expect, test } from "vitest";
import { filledIn, holds, listOf } from "../../harness/pipeline/expression.ts";
import { needsOf, readWorkflow } from "../../harness/pipeline/workflow.ts";

/** As GitHub writes one. */
const expression = (text: string) => `$\{{ ${text} }}`;

const contexts = { vars: { SLIPWAY_STACKS: "" }, needs: { changes: { result: "success", outputs: { production: "[]" } } }, secrets: {} };

test("a condition without a word about how others ended holds after successes alone; with one it decides by itself", () => {
  expect(holds(undefined, contexts, ["success"])).toBe(true);
  expect(holds("vars.SLIPWAY_STACKS == ''", contexts, ["skipped"])).toBe(false);
  expect(holds(expression("!cancelled() && needs.changes.result == 'success'"), contexts, ["failure"])).toBe(true);
  expect(holds("always()", contexts, ["cancelled"])).toBe(true);
});

test("a secret that is not there is empty, and gives way to what stands in for it", () => {
  expect(filledIn(`token ${expression("secrets.CLOUDFLARE_READ_TOKEN || '0000'")}`, contexts)).toBe("token 0000");
  expect(filledIn(expression("secrets.CLOUDFLARE_API_TOKEN"), contexts)).toBe("");
});

test("a matrix is the list that a job before has written", () => {
  expect(listOf(expression("fromJSON(needs.changes.outputs.production)"), contexts)).toEqual([]);
  expect(() => listOf("[]", contexts)).toThrow("no expression");
});

test("every condition and variable of the workflows can be evaluated, with nothing known", () => {
  const known = { ...contexts, github: { event: {} }, matrix: {}, steps: {}, inputs: {} };
  for (const file of ["deploy.yml", "drift.yml", "pr.yml", "unlock.yml"])
    for (const [name, job] of Object.entries(readWorkflow(file).jobs)) {
      expect(needsOf(job), name).not.toContain(name);
      expect(typeof holds(job.if, known, ["success"]), `${file} ${name}`).toBe("boolean");
      const texts = job.steps.flatMap(({ env = {} }) => Object.values(env));
      for (const text of texts) expect(filledIn(text, known), `${file} ${name}: ${text}`).not.toContain("{{");
    }
});
