/** One AWS region of an environment as one component resource: all that stands or falls with it is under it. */
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { Place } from "./place.ts";

/** Arguments of `Region`. */
export interface RegionArgs {
  /** The environment in this region. */
  readonly place: Place;
}

/** A region that an environment answers from, or that stands by for one. It makes nothing itself: that is made at its place. */
export class Region extends Component {
  /** The region, with this component over all that is made in it. */
  readonly place: Place;

  constructor(name: string, { place }: RegionArgs, opts?: ComponentResourceOptions) {
    super("slipway:environment:Region", name, {}, opts);
    this.place = place.under(this);
    this.registerOutputs({ region: place.region });
  }
}
