import { type BrokenRule, showValue } from "../../contract/rule.ts";
import { isInZone } from "../contract/hosts.ts";
import type { PartialStackConfig } from "../contract.ts";

/** What is wrong between sites and the rest of the stack. */
export function sitesRules({ sites: all = {}, services, dns }: PartialStackConfig): BrokenRule[] {
  const seen = new Map<string, string>();
  return Object.entries(all).flatMap(([name, { hosts, backend, origin: answers, proxied }]) => {
    const problems: BrokenRule[] = [];
    for (const [index, host] of hosts.entries()) {
      const path = ["sites", name, "hosts", index];
      const other = seen.get(host);
      seen.set(host, name);
      if (other !== undefined)
        problems.push({ path, found: `is ${showValue(host)}, a host of ${other} already`, allowed: "a host that no other site has" });
      if (dns === undefined) continue;
      if (!isInZone(host, dns.zone))
        problems.push({
          path,
          found: `is ${showValue(host)}, outside the stack's zone`,
          allowed: `${dns.zone} or a host below it`,
          fix: { path: path, choose: `${dns.zone} or a host below it` },
        });
      if (host === dns.zone && dns.provider === "route53" && answers.kind === "external" && answers.serve === "primary")
        problems.push({
          path,
          found: `is ${showValue(host)}, the top of a Route 53 zone, which can hold no CNAME to ${answers.host}`,
          allowed: `a host below ${dns.zone}, or origin.serve failover or backup`,
          fix: { path: ["sites", name, "origin", "serve"], choose: "failover or backup" },
        });
    }
    if (backend !== undefined && services !== undefined && services[backend.service] === undefined)
      problems.push({
        path: ["sites", name, "backend", "service"],
        found: `is ${showValue(backend.service)}, which is not among services`,
        allowed: Object.keys(services).join(", "),
        fix: { path: ["sites", name, "backend", "service"], value: Object.keys(services)[0] ?? "" },
      });
    if (proxied && dns?.provider === "route53")
      problems.push({
        path: ["sites", name, "proxied"],
        found: "is true, and the zone is at Route 53",
        allowed: "false",
        fix: { path: ["sites", name, "proxied"], value: false },
      });
    return problems;
  });
}
