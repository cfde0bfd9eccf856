/** What the API server refuses as AWS does, tried without the server around it. */
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { type Checks, expect } from "./checks.ts";

const tried = z.object({ case: z.string(), reason: z.string().nullable() });

/** A check for each case. Failures are printed, not thrown. @param python with the server's packages */
export async function refusalChecks(checks: Checks, python: string): Promise<void> {
  const env = { PYTHONDONTWRITEBYTECODE: "1" };
  const { stdout, stderr, exitCode } = await execa(python, [join(import.meta.dirname, "refusals.py")], {
    env,
    reject: false,
    stdin: "ignore",
  });
  const cases = stdout.split("\n").filter((line) => line !== "");
  for (const line of cases) {
    const { case: title, reason } = tried.parse(JSON.parse(line));
    await checks.check(`the API server refuses ${title}`, async () => {
      expect(reason === null, String(reason));
      return "";
    });
  }
  await checks.check("every refusal of the API server was tried", async () => {
    expect(exitCode === 0 && cases.length > 0, stderr);
    return `${cases.length} cases`;
  });
}
