/** Keeps everybody but the edge away from the load balancer: by address, and by a secret that only the edge sends. */
import { ManagedPrefixList, type ManagedPrefixListArgs } from "@pulumi/aws/ec2/managedPrefixList.js";
import type { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { all, type ComponentResourceOptions, type Input, interpolate, type Output, secret } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { holds } from "../contract/rule.ts";
import { drawnSecret } from "../secrets/drawnSecret.ts";
import { lockRules, originLock } from "./contract.ts";

/**
 * Arguments of `OriginLock`: those of its contract, and these. The edge sends all secrets in one header; the load balancer asks
 * for `accepts`. So a secret is changed in three updates, none of which refuses a request: add the new name, accept it, remove
 * the old one.
 */
export interface OriginLockArgs extends Given<typeof originLock>, Regional, Transformable<{ prefixList: ManagedPrefixListArgs }> {
  /** Key that encrypts the secrets. */
  readonly keyArn: Input<string>;
  /** A removed secret can be brought back for a week. Its removal is a step of its change, so that the engine never refuses it. @default false */
  readonly protect?: boolean;
}

/** Room for more blocks without another quota: the load balancer's security group pays for the room, not for the blocks. */
const roomStep = 5;

/**
 * Prefix lists of the edge's addresses, and secrets that the load balancer's rules ask for.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class OriginLock extends Component {
  /** The real resources. */
  readonly nodes: { readonly prefixLists: Readonly<Record<string, ManagedPrefixList>>; readonly secrets: Readonly<Record<string, Secret>> };
  /** Prefix lists that may connect on 443, by a short name. */
  readonly prefixLists: Readonly<Record<string, Output<string>>>;
  readonly header: string;
  /** What the edge sends under that header. Secret. */
  readonly sends: Output<string>;
  /** What a listener rule asks for: the accepted secret, wherever it stands in the header. Secret. */
  readonly pattern: Output<string>;

  constructor(name: string, args: OriginLockArgs, opts?: ComponentResourceOptions) {
    const { addresses, header, secrets, accepts } = accepted(name, originLock.superRefine(holds(lockRules)), args);
    super("slipway:edge:OriginLock", name, args, opts);
    this.header = header;
    const prefixLists = {
      ...this.#prefixList(name, "IPv4", addresses, args),
      ...this.#prefixList(name, "IPv6", addresses, args),
    };
    const description = "Header by which the load balancer knows the edge";
    const drawn = secrets.map((key) => ({ key, ...drawnSecret(this, `${name}-${key}`, { ...args, description }) }));
    this.nodes = { prefixLists, secrets: Object.fromEntries(drawn.map(({ key, holder }) => [key, holder])) };
    this.prefixLists = Object.fromEntries(Object.entries(prefixLists).map(([key, { id }]) => [key, id]));
    this.sends = secret(all(drawn.map(({ value }) => value)).apply((sent) => sent.join(".")));
    this.pattern = secret(interpolate`*${drawn.find(({ key }) => key === accepts)?.value ?? ""}*`);
    this.registerOutputs();
  }

  #prefixList(
    name: string,
    addressFamily: "IPv4" | "IPv6",
    addresses: readonly string[],
    args: OriginLockArgs,
  ): Record<string, ManagedPrefixList> {
    const blocks = addresses.filter((block) => block.includes(":") === (addressFamily === "IPv6")).sort();
    if (blocks.length === 0) return {};
    const key = addressFamily.toLowerCase();
    const list = this.child(
      ManagedPrefixList,
      `${name}-${key}`,
      {
        name: `${name}-${key}`,
        addressFamily,
        maxEntries: Math.ceil(blocks.length / roomStep) * roomStep,
        entries: blocks.map((cidr) => ({ cidr, description: "edge" })),
      },
      { transform: args.transform?.prefixList },
    );
    return { [key]: list };
  }
}
