/** Bad configs of clusters and of services on them: one readable problem each, and a command that mends it. */
import { expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import type { BadConfig } from "../../harness/badConfigs/badConfig.ts";
import { kubernetesCases, metadataCases, pathCases } from "../../harness/badConfigs/kubernetes.ts";
import { apiOnCluster } from "../../harness/cluster.ts";
import { applyFix, rawConfig } from "../../harness/config.ts";

test.each(kubernetesCases)("$path: $says", oneProblem);

test.each(pathCases)("K12 $path: $says", oneProblem);

test.each(metadataCases)("K13 $path: $says", oneProblem);

test("a service with the name of another one's second route", () => {
  const { problems } = examine(rawConfig("bench/production", { ...apiOnCluster, "services.api-candidate": twin() }));
  expect(problems.map((problem) => [formatConfigPath(problem.path), problem.allowed])).toEqual([
    ["services.api-candidate", "no service api-candidate"],
  ]);
});

/** The service `api` again, behind a host of its own. */
function twin(): unknown {
  const { services } = rawConfig("bench/production", apiOnCluster) as { services: Record<string, { route: object }> };
  const { api } = services;
  return { ...api, route: { ...api!.route, hosts: ["twin.coinestate.io"], priority: 77 } };
}

function oneProblem({ path, says, edits, noFix, write }: BadConfig): void {
  const raw = rawConfig("bench/production", edits);
  const { problems } = examine(raw);
  expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
  const [problem] = problems;
  expect([problem!.found, problem!.reason, problem!.allowed].join(" ")).toContain(says);
  if (noFix !== undefined) return;
  if (problem!.choose) {
    expect(problem!.fix).toBeUndefined();
    return;
  }
  applyFix(raw, problem!.fix!, write);
  expect(examine(raw).problems).toEqual([]);
}

test("a cluster's hosts need not be on the load balancer's certificate; the others' do", () => {
  const elsewhere = (service: string) => ({ [`services.${service}.route.hosts`]: ["api.elsewhere.io"] });
  expect(examine(rawConfig("bench/production", { ...apiOnCluster, ...elsewhere("api") })).problems).toEqual([]);
  expect(examine(rawConfig("bench/production", { ...apiOnCluster, ...elsewhere("web") })).problems).toHaveLength(1);
});
