/** Bad configs of clusters and of services on them: one readable problem each, and a command that mends it. */
import { expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { apiOnCluster, cluster } from "../../harness/cluster.ts";
import { applyFix, type Edits, rawConfig } from "../../harness/config.ts";

const at = "kubernetes.cluster";
const selector: Edits = { [`${at}.switchBy`]: "selector", "rollout.strategy": "blueGreen" };

test.each<[path: string, says: string, edits: Edits, noFix?: "noFix"]>([
  ["services.api.compute", "the stack has no kubernetes.cluster", { kubernetes: undefined }],
  ["services.api.compute", "did you mean kubernetes?", { "services.api.compute": "kubernets" }],
  [`${at}.server`, "https", { [`${at}.server`]: "http://cluster.local" }],
  [`${at}.namespace`, "the cluster's own", { [`${at}.namespace`]: "kube-system" }],
  [`${at}.namespace`, "namespace", { [`${at}.namespace`]: "Coin Estate" }],
  [`${at}.gateway.name`, "is missing", { [`${at}.gateway`]: { namespace: "gateway-system" } }],
  [`${at}.access.by`, "eks", { [`${at}.access`]: { ...cluster.access, by: "context" } }],
  [`${at}.access.context`, "is missing", { [`${at}.access`]: { by: "file", file: "kubeconfig.yaml" } }],
  [`${at}.access.certificateAuthority`, "base64", { [`${at}.access.certificateAuthority`]: "not base64!" }],
  [`${at}.switchBy`, "the rollout is a canary", { [`${at}.switchBy`]: "selector" }],
  [`${at}.kubeconfig`, "is not a known key", { [`${at}.kubeconfig`]: "~/.kube/config" }],
  ["services.api.release.candidateWeight", "a selector cannot split traffic", { ...selector, "services.api.release.candidateWeight": 5 }],
  ["services.api.scaling.requestsPerMinutePerTask", "metrics adapter", { "services.api.scaling.requestsPerMinutePerTask": 6000 }],
  ["services.api.release.stickinessSeconds", "standard channel", { "services.api.release.stickinessSeconds": 60 }],
  ["services.api.route.paths[0]", "ends in /*", { "services.api.route.paths": ["/v1/*/items"] }],
  ["services.api.healthCheck.matcher", "codes from 200 to 399", { "services.api.healthCheck.matcher": "200,404" }],
  ["services.api.writablePaths[1]", "of that of /Tmp", { "services.api.writablePaths": ["/Tmp", "/tmp"] }, "noFix"],
])("%s: %s", (path, says, edits, noFix) => oneProblem(path, says, edits, noFix));

const paths = (...all: string[]): Edits => ({ "services.api.route.paths": all });
const egress = (cidr: string): Edits => ({ "services.api.egress": { out: { port: 443, cidr } } });

test.each<[string, string, Edits]>([
  ["services.api.route.paths[0]", "without //, . and ..", paths("/api//x/*")],
  ["services.api.route.paths[1]", "without //, . and ..", paths("/ok", "/a/../b")],
  ["services.api.route.paths[0]", "without //, . and ..", paths("/a/../*")],
  ["services.api.route.paths[0]", "without //, . and ..", paths("/x/.")],
  ["services.api.egress.out.cidr", "10.0.0.0/8", egress("10.0.0.1/8")],
  ["services.api.egress.out.cidr", "2001:db8::/32", egress("2001:db8::1/32")],
])("K12 %s: %s", (path, says, edits) => oneProblem(path, says, edits));

test.each<[string, string, Edits]>([
  ["services.api.egress.out.cidr", "instance metadata", egress("169.254.169.254/32")],
  ["services.api.egress.out.cidr", "instance metadata", egress("fd00:ec2:0::254/128")],
])("K13 %s: %s", (path, says, edits) => oneProblem(path, says, edits));

function oneProblem(path: string, says: string, edits: Edits, noFix?: "noFix"): void {
  const raw = rawConfig("bench/production", { ...apiOnCluster, ...edits });
  const { problems } = examine(raw);
  expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
  const [problem] = problems;
  expect([problem!.found, problem!.reason, problem!.allowed].join(" ")).toContain(says);
  if (noFix !== undefined) return;
  if (problem!.choose) {
    expect(problem!.fix).toBeUndefined();
    return;
  }
  applyFix(raw, problem!.fix!);
  expect(examine(raw).problems).toEqual([]);
}

test("a cluster's hosts need not be on the load balancer's certificate; the others' do", () => {
  const elsewhere = (service: string) => ({ [`services.${service}.route.hosts`]: ["api.elsewhere.io"] });
  expect(examine(rawConfig("bench/production", { ...apiOnCluster, ...elsewhere("api") })).problems).toEqual([]);
  expect(examine(rawConfig("bench/production", { ...apiOnCluster, ...elsewhere("web") })).problems).toHaveLength(1);
});
