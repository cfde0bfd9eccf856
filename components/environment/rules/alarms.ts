import { type BrokenRule, showValue } from "../../contract/rule.ts";
import { runbookAddress } from "../contract/alarms.ts";
import { notifies } from "../contract/notifications.ts";
import type { PartialStackConfig } from "../contract.ts";

/** Services and phases that are named and not there, and messages whose links would lead nowhere. */
export function alarmsRules({ alarms: all, slos, services, notifications, access }: PartialStackConfig): BrokenRule[] {
  const problems: BrokenRule[] = [];
  const unknownService = (path: readonly (string | number)[], name: string | undefined) => {
    if (name === undefined || services === undefined) return;
    const [first = ""] = Object.keys(services);
    if (services[name] === undefined)
      problems.push({
        path: [...path],
        found: `is ${showValue(name)}, which is not among services`,
        allowed: `one of ${Object.keys(services).join(", ")}`,
        fix: { path: [...path], value: first },
      });
    else if (services[name].compute === "kubernetes")
      problems.push({
        path: [...path],
        found: `is ${showValue(name)}, which runs on a cluster: its requests do not pass the load balancer`,
        allowed: "a service with compute: ecs",
        fix: { path: [...path] },
      });
  };
  if (all !== undefined && access !== undefined && notifications !== undefined && notifies(notifications))
    if (runbookAddress({ alarms: all, access }) === undefined)
      problems.push({
        path: ["alarms", "runbookBase"],
        found: "is missing",
        reason: "messages of alarms lead to their runbooks, and no repository of access.github has these",
        allowed: "an https address, such as https://github.com/<owner>/<repository>/blob/main/docs/runbooks",
        fix: { path: ["alarms", "runbookBase"], choose: "the address of docs/runbooks, https" },
      });
  for (const [name, { rollback: service }] of Object.entries(all?.application ?? {}))
    unknownService(["alarms", "application", name, "rollback"], service);
  for (const [name, { service }] of Object.entries(slos ?? {})) unknownService(["slos", name, "service"], service);
  if (all?.phase !== undefined && all.phases[all.phase] === undefined)
    problems.push({
      path: ["alarms", "phase"],
      found: `is ${showValue(all.phase)}, which phases does not name`,
      allowed: Object.keys(all.phases).length === 0 ? "none, as there are no phases" : `one of ${Object.keys(all.phases).join(", ")}`,
      fix: { path: ["alarms", "phase"] },
    });
  return problems;
}
