/** What a stack needs of a cluster and does not make: nodes, a Gateway, and a user with the rights that the documentation asks for. */
import type { KubernetesObject } from "@kubernetes/client-node";
import { documentedRole } from "../../harness/documentedRole.ts";

/** The Gateway, as config names it. */
export const gateway = { name: "public", namespace: "gateway-system", listener: "https" } as const;

/** ServiceAccount whose credentials Slipway has. */
export const deployer = { name: "slipway", namespace: "kube-system" } as const;

const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
const gatewayApi = "gateway.networking.k8s.io/v1";
const rbac = "rbac.authorization.k8s.io";

type Manifest = KubernetesObject & Record<string, unknown>;

/** All of it, in the order in which it can be made. */
export function givenObjects(): readonly KubernetesObject[] {
  const role = documentedRole();
  const listener: Manifest = {
    ...{ name: gateway.listener, port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "certificate" }] } },
    allowedRoutes: { namespaces: { from: "All" } },
  };
  const objects: readonly Manifest[] = [
    ...zones.flatMap((zone) => [1, 2].map((number) => node(zone, number))),
    { apiVersion: "v1", kind: "Namespace", metadata: { name: gateway.namespace } },
    // Nobody serves it: no route is ever accepted here.
    { apiVersion: gatewayApi, kind: "GatewayClass", metadata: { name: "none" }, spec: { controllerName: "example.com/none" } },
    {
      ...{ apiVersion: gatewayApi, kind: "Gateway", metadata: { name: gateway.name, namespace: gateway.namespace } },
      spec: { gatewayClassName: "none", listeners: [listener] },
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...deployer } },
    {
      ...{ apiVersion: `${rbac}/v1`, kind: "ClusterRoleBinding", metadata: { name: deployer.name } },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", ...deployer }],
    },
  ];
  return [{ ...role }, ...objects];
}

/** Room for every pod of these stacks. */
function node(zone: string, number: number): Manifest {
  const name = `${zone}-${number}`;
  const room = { cpu: "16", memory: "64Gi", pods: "110", "ephemeral-storage": "100Gi" };
  const labels = {
    ...{ "kubernetes.io/arch": "arm64", "kubernetes.io/os": "linux", "kubernetes.io/hostname": name },
    ...{ "topology.kubernetes.io/zone": zone, "topology.kubernetes.io/region": zone.slice(0, -1) },
  };
  return {
    ...{ apiVersion: "v1", kind: "Node", metadata: { name, labels, annotations: { "kwok.x-k8s.io/node": "fake" } } },
    status: { allocatable: room, capacity: room },
  };
}
