/** Who may talk to whom inside the cluster: pure network policies. */
import type { networking } from "@pulumi/kubernetes/types/input.js";
import type { Accepted } from "../contract/accepted.ts";
import type { Immutable } from "../contract/immutable.ts";
import { instanceMetadataIn } from "../network/addressBlock.ts";
import type { service as contract } from "./contract.ts";
import { serviceSelector } from "./labels.ts";

/** What a service's traffic rules are made from. */
interface TrafficSettings extends Immutable<Pick<Accepted<typeof contract>, "service" | "port" | "egress">> {
  /** Namespace that the gateway's own pods run in: only they may connect. */
  readonly gatewayNamespace: string;
}

/** Nothing in a namespace may connect or be connected to, unless another policy says so. */
export const denyAll: networking.v1.NetworkPolicySpec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/** The gateway in; DNS and the named destinations out. */
export function trafficPolicy({ service, port, gatewayNamespace, egress }: TrafficSettings): networking.v1.NetworkPolicySpec {
  const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
  const named = Object.entries(egress).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    podSelector: { matchLabels: serviceSelector(service) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [inNamespace(gatewayNamespace)], ports: [{ protocol: "TCP", port }] }],
    egress: [
      {
        to: [{ ...inNamespace("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
      ...named.map(([, { port: to, cidr }]) => {
        // A pod could read the node's credentials there; no block means that.
        const except = instanceMetadataIn(cidr);
        return {
          to: [{ ipBlock: { cidr, ...(except === undefined ? {} : { except: [except] }) } }],
          ports: [{ protocol: "TCP", port: to }],
        };
      }),
    ],
  };
}
