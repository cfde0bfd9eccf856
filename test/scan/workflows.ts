/** The workflows, judged by actionlint (do they work?) and zizmor (are they safe?), both without a network. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { ScanResult } from "./finding.ts";

const root = join(import.meta.dirname, "..", "..");
const workflows = join(root, ".github", "workflows");

const lintFindings = z.array(z.object({ message: z.string(), filepath: z.string(), line: z.number(), kind: z.string() }));

const auditFindings = z.array(
  z.looseObject({
    ident: z.string(),
    desc: z.string(),
    ignored: z.boolean(),
    locations: z.array(
      z.looseObject({
        symbolic: z.looseObject({ key: z.looseObject({ Local: z.looseObject({ verbatim_path: z.string() }).optional() }) }),
      }),
    ),
  }),
);

/** actionlint, with `.github/actionlint.yaml`. */
export async function scanWithActionlint(program: string): Promise<ScanResult> {
  const { stdout } = await execa(program, ["-format", "{{json .}}", "-shellcheck=", "-pyflakes="], { cwd: root, reject: false });
  const found = lintFindings.parse(JSON.parse(stdout));
  return {
    scanner: "actionlint",
    passed: files().filter((file) => !found.some(({ filepath }) => filepath.endsWith(`/${file}`))).length,
    findings: found.map(({ message, filepath, line, kind }) => ({
      scanner: "actionlint",
      check: kind,
      resource: filepath,
      detail: `line ${line}: ${message}`,
    })),
  };
}

/** zizmor at its strictest, the auditor's persona. */
export async function scanWithZizmor(python: string): Promise<ScanResult> {
  const flags = ["--offline", "--persona", "auditor", "--format", "json", "--no-exit-codes", "--no-progress", "--quiet"];
  const { stdout } = await execa(join(dirname(python), "zizmor"), [...flags, ".github"], { cwd: root });
  const found = auditFindings.parse(JSON.parse(stdout)).filter(({ ignored }) => !ignored);
  const findings = found.map(({ ident, desc, locations }) => ({
    scanner: "zizmor" as const,
    check: ident,
    resource: locations.flatMap(({ symbolic }) => symbolic.key.Local?.verbatim_path ?? [])[0] ?? "unknown",
    detail: desc,
  }));
  return {
    scanner: "zizmor",
    passed: files().filter((file) => !findings.some(({ resource }) => resource.endsWith(`/${file}`))).length,
    findings,
  };
}

function files(): string[] {
  return readdirSync(workflows).filter((file) => file.endsWith(".yml"));
}
