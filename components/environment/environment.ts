/** One environment of a system as one component resource: all that a stack holds is under it. */
import { Provider } from "@pulumi/aws/provider.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Component, type InAccount, type Regional } from "../component.ts";
import { Place } from "./place.ts";

/** Arguments of `Environment`. */
export interface EnvironmentArgs extends Omit<Regional, "roles">, InAccount {
  /** Whose environment it is: `coinestate`. */
  readonly system: string;
  /** Which of the system's environments: `prod`. */
  readonly environment: string;
  /** Stateful resources refuse to be deleted. @default false */
  readonly protect?: boolean;
}

/**
 * The whole of an environment. It makes nothing itself: regions, and what belongs to no single region, are made at its place.
 * Its providers are those of everything under it. Where none is given it has one of AWS that refuses every other account.
 *
 * @example
 * const shop = new Environment("shop-prod", { system: "shop", environment: "prod", region: "eu-west-1", accountId });
 * const ireland = new Region(shop.place.names.region, { place: shop.place }, { parent: shop });
 * const network = ireland.place.make(Network, shop.place.names.regional("network"), { … });
 */
export class Environment extends Component {
  /** The environment in its first region. What is made here belongs to no single region. */
  readonly place: Place;

  constructor(name: string, args: EnvironmentArgs, opts: ComponentResourceOptions = {}) {
    const { system, environment, region, accountId, protect = false } = args;
    const given = opts.provider !== undefined || opts.providers !== undefined;
    const own = given ? {} : { providers: [new Provider(name, { region, allowedAccountIds: [accountId] })] };
    super("slipway:environment:Environment", name, args, { ...opts, ...own });
    const tags = { ...args.tags, System: system, Environment: environment };
    this.place = new Place({ system, environment, region, accountId, protect, tags, parent: this });
    this.registerOutputs({});
  }
}
