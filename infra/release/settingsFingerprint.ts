/** A short name for everything that makes a service's tasks what they are, besides the image. */
import { createHash } from "node:crypto";
import type { StackConfig } from "../config/stack.ts";

type ServiceConfig = StackConfig["services"][string];

/** Keys that change where traffic goes or how many tasks run, but not what a task is. */
const notOfTasks = new Set(["kind", "release", "route", "healthCheck", "scaling", "drainSeconds"]);

/** Twelve hexadecimal digits; equal for equal settings, whatever their order in the stack file. */
export function settingsFingerprint(service: ServiceConfig): string {
  const settings = Object.fromEntries(Object.entries(service).filter(([key]) => !notOfTasks.has(key)));
  return createHash("sha256")
    .update(JSON.stringify(sorted(settings)))
    .digest("hex")
    .slice(0, 12);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
