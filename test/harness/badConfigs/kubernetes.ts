/** Bad configs of clusters and of services on them: each gives one readable problem that names the key. */
import { apiOnCluster, cluster } from "../cluster.ts";
import type { Edits } from "../config.ts";
import type { BadConfig } from "./badConfig.ts";

const at = "kubernetes.cluster";
const selector: Edits = { [`${at}.switchBy`]: "selector", "rollout.strategy": "blueGreen" };
const paths = (...all: string[]): Edits => ({ "services.api.route.paths": all });
const egress = (cidr: string): Edits => ({ "services.api.egress": { out: { port: 443, cidr } } });

type Row = [path: string, says: string, edits: Edits, way?: "noFix" | readonly string[]];

const inside = ([path, says, edits, way]: Row): BadConfig => ({
  path,
  says,
  edits: { ...apiOnCluster, ...edits },
  ...(way === undefined ? {} : way === "noFix" ? { noFix: true } : { write: way }),
});

const kubernetesCasesRows: readonly Row[] = [
  ["services.api.compute", "the stack has no kubernetes.cluster", { kubernetes: undefined }],
  ["services.api.compute", "did you mean kubernetes?", { "services.api.compute": "kubernets" }],
  [`${at}.server`, "https", { [`${at}.server`]: "http://cluster.local" }],
  [`${at}.namespace`, "the cluster's own", { [`${at}.namespace`]: "kube-system" }, ["shop"]],
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
  ["services.api.healthCheck.matcher", "codes from 200 to 399", { "services.api.healthCheck.matcher": "200,404" }, ["200-299"]],
  ["services.api.writablePaths[1]", "of that of /Tmp", { "services.api.writablePaths": ["/Tmp", "/tmp"] }, "noFix"],
];

/** Bad configs of clusters and of services on them. */
export const kubernetesCases: readonly BadConfig[] = kubernetesCasesRows.map(inside);

const pathCasesRows: readonly Row[] = [
  ["services.api.route.paths[0]", "without //, . and ..", paths("/api//x/*")],
  ["services.api.route.paths[1]", "without //, . and ..", paths("/ok", "/a/../b")],
  ["services.api.route.paths[0]", "without //, . and ..", paths("/a/../*")],
  ["services.api.route.paths[0]", "without //, . and ..", paths("/x/.")],
  ["services.api.egress.out.cidr", "10.0.0.0/8", egress("10.0.0.1/8")],
  ["services.api.egress.out.cidr", "2001:db8::/32", egress("2001:db8::1/32")],
];

/** Bad paths and blocks of services on clusters. */
export const pathCases: readonly BadConfig[] = pathCasesRows.map(inside);

const metadataCasesRows: readonly Row[] = [
  ["services.api.egress.out.cidr", "instance metadata", egress("169.254.169.254/32")],
  ["services.api.egress.out.cidr", "instance metadata", egress("fd00:ec2:0::254/128")],
];

/** Egress to the instance metadata. */
export const metadataCases: readonly BadConfig[] = metadataCasesRows.map(inside);
