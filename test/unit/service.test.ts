/** A service by its contract: what it is made with when little is said, and what it refuses. */
import { describe, expect, test } from "vitest";
import { contractProblems } from "../../components/contract/accepted.ts";
import { service as onCluster } from "../../components/kubernetes/contract.ts";
import { weightedTargets } from "../../components/loadBalancer/contract.ts";
import { service } from "../../components/service/contract.ts";
import { task } from "../../components/task/contract.ts";

const digest = `sha256:${"0".repeat(64)}`;
const least = { port: 3000, scaling: { minimum: 2, maximum: 4 }, release: { live: "blue", blue: { image: digest } } };

test("who names no kind means web, on the smallest task that Fargate has", () =>
  expect(service.parse(least)).toMatchObject({ kind: "web", cpu: 256, memory: 512, graceSeconds: 60, user: "1000:1000" }));

describe("a service is not made", () => {
  test.each([
    ["kind", { kind: "worker" }, "give web"],
    ["port", { port: 70_000 }, "is 70000; give an integer from 1 to 65535"],
    ["memory", { cpu: 1024 }, "is 512 with cpu 1024; give 2048, 3072"],
    ["scaling.maximum", { scaling: { minimum: 2, maximum: 1 } }, "is 1, below the minimum 2; give an integer from 2"],
    ["writablePaths[1]", { writablePaths: ["/a/b", "/a-b"] }, "whose volume would have the name of that of /a/b; give a path"],
    [
      "release.blue.minimumTasks",
      { release: { live: "blue", blue: { image: digest, minimumTasks: 5 } } },
      "is 5, outside the service's 2 to 4",
    ],
    ["release.green.image", { release: { ...least.release, candidateWeight: 5 } }, "is missing, and green has 5 % of the traffic"],
  ])("with a bad %s", (path, args, says) => {
    const problems = contractProblems(service, { ...least, ...args });
    expect(problems.map(({ propertyPath }) => propertyPath)).toEqual([path]);
    expect(problems[0]?.reason).toContain(says);
  });
});

describe("a service on a cluster is not made", () => {
  const small = {
    ...{ ...least, service: "api", cpu: 256, memory: 512, gateway: { name: "public", namespace: "gateways" } },
    ...{ route: { hosts: ["api.coinestate.io"] }, healthCheck: { path: "/health" } },
  };
  test("unless something is wrong", () => expect(contractProblems(onCluster, small)).toEqual([]));
  test.each([
    ["scaling.requestsPerMinutePerTask", { scaling: { ...least.scaling, requestsPerMinutePerTask: 60 } }],
    ["release.stickinessSeconds", { release: { ...least.release, stickinessSeconds: 60 } }],
    ["route.paths[0]", { route: { ...small.route, paths: ["/v1/*/items"] } }],
    ["healthCheck.matcher", { healthCheck: { path: "/health", matcher: "200-404" } }],
    ["healthCheck.timeoutSeconds", { healthCheck: { path: "/health", timeoutSeconds: 10 } }],
    ["writablePaths[1]", { writablePaths: ["/Tmp", "/tmp"] }],
    ["environment.ADMIN_PASSWORD", { environment: { ADMIN_PASSWORD: "hunter2" } }],
    ["release.candidateWeight", { switchBy: "selector", release: { ...least.release, candidateWeight: 5, green: { image: digest } } }],
  ])("with a bad %s", (path, args) =>
    expect(contractProblems(onCluster, { ...small, ...args }).map(({ propertyPath }) => propertyPath)).toEqual([path]),
  );
});

test("targets of the live colour alone have no candidate with traffic", () => {
  const targets = { route: { priority: 1, hosts: ["a.io"] }, port: 80, healthCheck: { path: "/" }, live: "blue", liveOnly: true };
  expect(contractProblems(weightedTargets, targets)).toEqual([]);
  expect(contractProblems(weightedTargets, { ...targets, candidateWeight: 5 })).toEqual([
    { propertyPath: "liveOnly", reason: "is true with candidateWeight 5; give a weight of 0" },
  ]);
});

test("a plain secret is in no environment of a one-off task, either", () => {
  const args = { image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/shop@${digest}`, command: ["node", "migrate.js"] };
  expect(contractProblems(task, { ...args, environment: { NODE_ENV: "production" } })).toEqual([]);
  const problems = contractProblems(task, { ...args, environment: { DATABASE_URL: "postgres://shop:hunter2@db.shop.example/shop" } });
  expect(problems.map(({ propertyPath }) => propertyPath)).toEqual(["environment.DATABASE_URL"]);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});
