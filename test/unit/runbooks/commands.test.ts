/** Commands in runbooks name stack and region, and have no gap; each page begins with one that works as it is pasted. */
import { describe, expect, test } from "vitest";
import { commandsIn, pagesIn, sectionOf } from "../../../ops/runbook/page.ts";
import { awsOperations } from "../../../tools/runbooks/awsOperationsFile.ts";
import { awsCommandsIn, kubectlCommandsIn } from "../../../tools/runbooks/cloudCommands.ts";
import { wrongInBlock } from "../../harness/pageCommands.ts";
import { runbookFolder } from "../../harness/runbooks.ts";

const pages = pagesIn(runbookFolder);

/** Flags of every command of the AWS CLI that are used here (AWS CLI User Guide, "Command line options"). */
const awsFlags = ["--region", "--query", "--output", "--max-items"];

/** Flags by verb that are used here (kubernetes.io, kubectl reference), and those of every verb. */
const kubectl: Readonly<Record<string, readonly string[]>> = {
  describe: [],
  get: ["-o", "--output"],
  logs: ["--since", "--tail", "--all-containers"],
  top: [],
};
const kubectlFlags = ["--context", "--namespace"];

describe.each(pages)("$slug", ({ text }) => {
  test("its commands can be pasted", () => {
    const wrong = commandsIn(text).flatMap((line) => {
      const what = wrongInBlock(line);
      return what === undefined ? [] : [`${line}: ${what}`];
    });
    expect(wrong).toEqual([]);
  });

  test("the first thing to do is a command of Slipway for the stack", () => {
    const [first = "there is none"] = commandsIn(sectionOf(text, "First five minutes"));
    expect(first).toMatch(/^npx slipway .*--stack production/);
  });

  test("commands in its sentences begin with npx slipway, and those of clouds name where", () => {
    const spans = [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
    const wrong = spans.filter(
      (span) =>
        /^(?:pulumi|slipway) [a-z]/.test(span) || (/^(?:aws|kubectl) [a-z-]+ [a-z-]+ -/.test(span) && wrongInBlock(span) !== undefined),
    );
    expect(wrong).toEqual([]);
  });

  test("the clouds' own programs know its commands", () => {
    const operations = awsOperations();
    const wrong = [
      ...awsCommandsIn(text).flatMap(({ line, service, operation, flags }) => {
        const known = operations[`${service} ${operation}`];
        if (known === undefined)
          return [`${line}: no such operation; if there is one: node tools/runbooks/awsOperations.ts <botocore's data folder>`];
        return flags.filter((flag) => !known.includes(flag) && !awsFlags.includes(flag)).map((flag) => `${line}: no ${flag}`);
      }),
      ...kubectlCommandsIn(text).flatMap(({ line, verb, flags }) => {
        const known = kubectl[verb];
        if (known === undefined) return [`${line}: no such verb`];
        return flags.filter((flag) => !known.includes(flag) && !kubectlFlags.includes(flag)).map((flag) => `${line}: no ${flag}`);
      }),
    ];
    expect(wrong).toEqual([]);
  });

  test("each block says in what language it is", () => {
    const fences = [...text.matchAll(/^```(\w*)$/gm)].map(([, language = ""]) => language);
    expect(fences.filter((_, index) => index % 2 === 0)).not.toContain("");
  });
});

test.each([
  ["aws rds describe-events --duration 60", "it has no --region"],
  ["kubectl get pods --namespace shop", "it has no --context"],
  ["pulumi up --stack production", "it begins with npx slipway"],
  ["slipway up --stack production", "it begins with npx slipway"],
  ["npx slipway failover revoke", "it names no stack"],
  ["aws ecs list-tasks --region us-east-1 --cluster <cluster>", "it has a gap"],
  ["dig +short example.com", "a runbook calls npx slipway, aws, kubectl, curl, sed"],
])("%s would be found", (line, what) => {
  expect(wrongInBlock(line)).toBe(what);
});
