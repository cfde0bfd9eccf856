/** kube-score and kubeconform on manifests. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Finding, ScanResult } from "./finding.ts";

const scores = z.array(
  z.object({
    object_name: z.string(),
    checks: z.array(
      z.object({
        check: z.object({ id: z.string(), name: z.string() }),
        grade: z.number(),
        skipped: z.boolean(),
        comments: z.array(z.object({ summary: z.string() })).nullable(),
      }),
    ),
  }),
);
/** The best grade. */
const good = 10;

const validations = z.object({
  resources: z.array(z.object({ kind: z.string(), name: z.string(), status: z.string(), msg: z.string() })),
});

/** Runs kube-score. */
export async function scanWithKubeScore(program: string, folder: string): Promise<ScanResult> {
  const { stdout } = await execa(program, ["score", "--output-format", "json", ...filesIn(folder)], { reject: false });
  const checks = scores
    .parse(JSON.parse(stdout))
    .flatMap(({ object_name, checks }) => checks.filter(({ skipped }) => !skipped).map((check) => ({ object_name, ...check })));
  const bad = checks.filter(({ grade }) => grade < good);
  return {
    scanner: "kube-score",
    passed: checks.length - bad.length,
    findings: bad.map(({ object_name, check, comments }) => ({
      scanner: "kube-score",
      check: check.id,
      resource: object_name,
      detail: (comments ?? []).map(({ summary }) => summary).join("; ") || check.name,
    })),
  };
}

/** Runs kubeconform with schemas from a folder. @throws Error when it has not seen every manifest */
export async function scanWithKubeconform(program: string, schemas: string, folder: string): Promise<ScanResult> {
  const files = filesIn(folder);
  const options = ["-strict", "-verbose", "-output", "json", "-schema-location", schemas];
  const { stdout } = await execa(program, [...options, ...files], { reject: false });
  const { resources } = validations.parse(JSON.parse(stdout));
  if (resources.length !== files.length) throw new Error(`kubeconform read ${resources.length} objects of ${files.length}`);
  const findings = resources
    .filter(({ status }) => status !== "statusValid")
    .map(({ kind, name, status, msg }): Finding => {
      const check = msg.startsWith("could not find schema") ? "no schema" : status;
      return { scanner: "kubeconform", check, resource: `${kind}/${name}`, detail: msg };
    });
  return { scanner: "kubeconform", passed: resources.length - findings.length, findings };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}
