/** Runbooks with the values of every shipped stack: an alarm leads to a page in which nothing is left to be filled in. */
import { describe, expect, test } from "vitest";
import { pagesIn, placeholdersIn, variantsOf } from "../../../ops/runbook/page.ts";
import { placeholders } from "../../../ops/runbook/placeholders.ts";
import { chosen, fill, variantsAt } from "../../../ops/runbook/runbook.ts";
import { subjectOf } from "../../../ops/runbook/subject.ts";
import { exampleStacks } from "../../harness/config.ts";
import { knownOf, runbookFolder } from "../../harness/runbooks.ts";

const production = ["production", ...exampleStacks.filter((stack) => stack.endsWith("/production"))];

test.each(production)(
  "each alarm of %s leads to a page that has all its values",
  async (stack) => {
    const known = await knownOf(stack);
    const filled = known.alarms.map(({ name }) => {
      const { page, alarm } = chosen(name, known);
      return { name, ...fill(page, alarm, known) };
    });
    expect(filled.length).toBeGreaterThanOrEqual(50);
    expect(
      filled.filter(({ text, gaps }) => Object.keys(gaps).length + placeholdersIn(text).length > 0).map(({ name, gaps }) => [name, gaps]),
    ).toEqual([]);
  },
  60_000,
); // a graph may have to be declared anew

test.each(production)(
  "what a page of %s does not know when no alarm leads to it is named with the command that finds it",
  async (stack) => {
    const known = await knownOf(stack);
    const gaps = [...known.pages.values()].flatMap((page) => Object.entries(fill(page, undefined, known).gaps));
    expect(gaps.length).toBeGreaterThan(0);
    expect(
      gaps.filter(
        ([, { about, command }]) => about === "" || !/^(?:npx slipway .*--stack production|aws .*--region |kubectl )/.test(command),
      ),
    ).toEqual([]);
  },
);

describe("what is at hand", () => {
  test("a page about one of several services says which there are, and takes the one that is named", async () => {
    const known = await knownOf("coinestate/production");
    const page = known.pages.get("service-errors") ?? expect.fail("no page");
    const open = fill(page, undefined, known);
    expect(open.gaps.serviceLog?.about).toBe("log group of the service: one of api, web");
    expect(open.gaps.serviceLog?.command).toBe("npx slipway runbook service-errors --stack production --service api");
    const api = fill(page, undefined, { ...known, flags: { stack: "production", service: "api" } });
    expect(api.gaps).toEqual({});
    expect(api.text).toContain("aws logs tail coinestate-prod-use1-api-");
    expect(api.text).not.toContain("kubectl");
    const web = fill(page, undefined, { ...known, flags: { stack: "production", service: "web" } });
    expect(web.text).toContain("kubectl logs --context coinestate-prod --namespace coinestate deployment/web-blue");
    expect(web.text).not.toContain("aws logs tail");
  });

  test("an alarm of a standby region has that region's things", async () => {
    const known = await knownOf("coinestate/production");
    const { page, alarm } = chosen("coinestate-prod-euw1-api-no-healthy-targets", known);
    const { text } = fill(page, alarm, known);
    expect(text).toMatch(
      /aws ecs describe-services --region eu-west-1 --cluster coinestate-prod-euw1-cluster-\w+ --services coinestate-prod-euw1-api-blue-\w+ /,
    );
    expect(text).not.toContain("us-east-1");
  });

  test("a short name means the stack's own region, and --region another", async () => {
    const known = await knownOf("coinestate/production");
    expect(chosen("api-no-healthy-targets", known).alarm?.region).toBe("us-east-1");
    const there = { ...known, flags: { stack: "production", region: "eu-west-1" } };
    expect(chosen("api-no-healthy-targets", there).alarm?.region).toBe("eu-west-1");
  });

  test("metrics of the whole world are asked where they are, and the stack where it is", async () => {
    const known = await knownOf("deedpro/production");
    const check = known.alarms.find(({ page }) => page === "endpoint-unreachable") ?? expect.fail("no check");
    expect([check.region, known.config.aws.region]).toEqual(["us-east-1", "us-west-2"]);
    const { text } = fill(chosen(check.name, known).page, check, known);
    expect(text).toContain("aws route53 get-health-check-status --region us-east-1 --health-check-id ");
  });

  test("commands name the stack at hand, and its real providers", async () => {
    const known = await knownOf("staging", { stack: "staging", real: ["aws"] });
    const { text } = fill(known.pages.get("unlock") ?? expect.fail("no page"), undefined, known);
    expect(text).toContain("npx slipway up --stack staging --real aws");
    expect(text).not.toContain("--stack production");
  });

  test("a name that is none is refused with the near one; a service that is none with those there are", async () => {
    const known = await knownOf("production");
    expect(() => chosen("service-erors", known)).toThrow(
      "There is no alarm and no page service-erors. Did you mean service-errors? All of them: npx slipway runbook --stack production",
    );
    const page = known.pages.get("service-errors") ?? expect.fail("no page");
    const wrong = { ...known, flags: { stack: "production", service: "apy", region: "mars-1" } };
    expect(() => fill(page, undefined, wrong)).toThrow("--service apy is none of this stack. Allowed: ");
    expect(() => fill(page, undefined, wrong)).toThrow("--region mars-1 is none of this stack. Allowed: us-east-1, us-west-2.");
  });
});

test("every part of a page that is for a cloud or an engine is printed for a stack that is shipped", async () => {
  const printed = new Set<string>();
  for (const stack of production) {
    const known = await knownOf(stack);
    for (const page of known.pages.values()) {
      const at = { ...known, page: page.slug, alarm: undefined, subject: subjectOf(known.config, undefined) };
      const present = variantsAt(at);
      for (const variant of variantsOf(page.text)) if (present.has(variant)) printed.add(`${page.slug} ${variant}`);
    }
  }
  const all = [...pagesIn(runbookFolder)].flatMap(({ slug, text }) => variantsOf(text).map((variant) => `${slug} ${variant}`));
  expect([...printed].sort()).toEqual([...new Set(all)].sort());
});

test("every value of the table stands in a page, and no page names another", () => {
  const named = new Set(pagesIn(runbookFolder).flatMap(({ text }) => placeholdersIn(text)));
  expect([...named].sort()).toEqual(Object.keys(placeholders).sort());
});
