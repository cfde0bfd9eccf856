/** Whether the services of a region may write: a parameter that tasks read when they start. */
import { Parameter } from "@pulumi/aws/ssm/parameter.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Regional } from "../regional.ts";
import { named } from "../tags.ts";

/** Arguments of `ReadOnlyMode`. */
export interface ReadOnlyModeArgs extends Regional {
  /** Name of the parameter, `/coinestate/prod/failover/read-only`. */
  readonly parameterName: string;
  /** What it says at first; from then on it belongs to operators, and an update leaves it as it is. */
  readonly readOnly: boolean;
}

/** `true` in a region whose databases are replicas, until they are promoted. */
export class ReadOnlyMode extends ComponentResource {
  readonly arn: Output<string>;

  constructor(name: string, { region, parameterName, readOnly, tags }: ReadOnlyModeArgs, opts?: ComponentResourceOptions) {
    super("slipway:failover:ReadOnlyMode", name, {}, opts);
    this.arn = new Parameter(
      name,
      {
        region,
        name: parameterName,
        description: "Whether the services of this region refuse to write",
        type: "String",
        insecureValue: String(readOnly), // no secret, and to be read by people
        tags: named(name, tags),
      },
      { parent: this, ignoreChanges: ["insecureValue", "value"] },
    ).arn;
    this.registerOutputs({ arn: this.arn });
  }
}
