/** The part of a cluster that a system lives in. */
import { Namespace as NamespaceResource } from "@pulumi/kubernetes/core/v1/namespace.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { namespace as contract } from "./contract.ts";
import { denyAll } from "./trafficPolicy.ts";

/** Arguments of `Namespace`: those of its contract, and these. */
export interface NamespaceArgs extends Given<typeof contract> {
  /** System that lives in it. */
  readonly system: string;
  readonly environmentName: string;
  /** Refuse to delete the namespace: everything in it would go with it. @default false */
  readonly protect?: boolean;
}

/**
 * A namespace that admits no pod beyond the restricted standard, and in which no pod may talk to anybody until a policy
 * says so.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Namespace extends Component {
  /** The real resources. */
  readonly nodes: { readonly namespace: NamespaceResource };
  /** Name of the namespace, known once it and its deny-all policy exist. */
  readonly namespaceName: Output<string>;

  constructor(name: string, args: NamespaceArgs, opts?: ComponentResourceOptions) {
    accepted(name, contract, args);
    super("slipway:kubernetes:Namespace", name, {}, opts);
    const labels = {
      "app.kubernetes.io/part-of": args.system,
      "app.kubernetes.io/managed-by": "slipway",
      environment: args.environmentName,
    };
    const namespace = new NamespaceResource(
      name,
      {
        metadata: {
          name: args.namespace,
          labels: { ...labels, ...podSecurity },
        },
      },
      { parent: this, ...(args.protect === undefined ? {} : { protect: args.protect }) },
    );
    const closed = new NetworkPolicy(
      `${name}-deny-all`,
      { metadata: { name: "deny-all", namespace: namespace.metadata.name, labels }, spec: denyAll },
      { parent: this },
    );
    this.nodes = { namespace };
    this.namespaceName = closed.metadata.namespace;
    this.registerOutputs({ namespaceName: this.namespaceName });
  }
}

const podSecurity = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": "latest",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
};
