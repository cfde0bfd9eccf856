/** Findings that stay, each with a written reason: `skips.yaml`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Finding } from "./finding.ts";

const skip = z.strictObject({
  scanner: z.enum(["actionlint", "checkov", "kube-score", "kubeconform", "parliament", "zizmor"]),
  check: z.string().min(1),
  /** Resources that it is about; `*` stands for anything. */
  resource: z.string().min(1),
  /** What the scanner says, where it says several things of one resource; `*` stands for anything. */
  detail: z.string().default("*"),
  reason: z.string().min(1),
});

/** One kind of finding that stays. */
export type Skip = z.infer<typeof skip>;

/** All skips. @throws ZodError when an entry lacks something */
export function readSkips(): Skip[] {
  return z.array(skip).parse(parse(readFileSync(join(import.meta.dirname, "skips.yaml"), "utf8")));
}

/** Whether the finding is one that stays. */
export function skips({ scanner, check, resource, detail }: Skip, finding: Finding): boolean {
  return scanner === finding.scanner && check === finding.check && fits(resource, finding.resource) && fits(detail, finding.detail);
}

function fits(pattern: string, text: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`, "s").test(text);
}
