/** checkov on a Terraform plan or on manifests. */
import { dirname, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { ScanResult } from "./finding.ts";

const report = z.object({
  summary: z.object({ passed: z.number(), failed: z.number(), parsing_errors: z.number(), resource_count: z.number() }),
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), check_name: z.string(), resource: z.string() })),
  }),
});

/** What is scanned: a file in the JSON of a plan, or a folder of manifests. */
export type CheckovInput =
  | { readonly framework: "terraform_plan"; readonly file: string; readonly resources: number }
  | { readonly framework: "kubernetes"; readonly folder: string };

/** Runs checkov. @throws Error when it fails, or has not read everything */
export async function scanWithCheckov(python: string, input: CheckovInput): Promise<ScanResult> {
  const what = input.framework === "terraform_plan" ? ["-f", input.file] : ["-d", input.folder];
  const options = ["--framework", input.framework, ...what, "--skip-download", "--quiet", "--compact", "--output", "json"];
  // Its exit code is 1 for findings, which are told apart here.
  const { stdout, stderr } = await execa(join(dirname(python), "checkov"), options, {
    reject: false,
    env: { LOG_LEVEL: "ERROR", BC_SKIP_MAPPING: "TRUE" },
  });
  const parsed = report.safeParse(parseJson(stdout));
  if (!parsed.success) throw new Error(`checkov gave no report:\n${stdout.slice(0, 2000)}\n${stderr.slice(-2000)}`);
  const { summary, results } = parsed.data;
  if (summary.parsing_errors > 0) throw new Error(`checkov could not read ${summary.parsing_errors} files`);
  if (input.framework === "terraform_plan" && summary.resource_count !== input.resources)
    throw new Error(`checkov read ${summary.resource_count} resources of ${input.resources}`);
  return {
    scanner: "checkov",
    passed: summary.passed,
    findings: results.failed_checks.map(({ check_id, check_name, resource }) => ({
      scanner: "checkov",
      check: check_id,
      resource,
      detail: check_name,
    })),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
