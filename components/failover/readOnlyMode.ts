/** Whether the services of a region may write: a parameter that tasks read when they start. */
import { Parameter } from "@pulumi/aws/ssm/parameter.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";

/** Arguments of `ReadOnlyMode`. */
export interface ReadOnlyModeArgs extends Regional {
  /** Name of the parameter, `/coinestate/prod/failover/read-only`. */
  readonly parameterName: string;
  /** What it says at first; from then on it belongs to operators, and an update leaves it as it is. */
  readonly readOnly: boolean;
}

/** `true` in a region whose databases are replicas, until they are promoted. */
export class ReadOnlyMode extends Component {
  /** The real resources. */
  readonly nodes: { readonly parameter: Parameter };
  readonly arn: Output<string>;

  constructor(name: string, { region, parameterName, readOnly, tags }: ReadOnlyModeArgs, opts?: ComponentResourceOptions) {
    super("slipway:failover:ReadOnlyMode", name, { region, tags }, opts);
    const parameter = this.child(
      Parameter,
      name,
      {
        name: parameterName,
        description: "Whether the services of this region refuse to write",
        type: "String",
        insecureValue: String(readOnly), // no secret, and to be read by people
      },
      { ignoreChanges: ["insecureValue", "value"] },
    );
    this.nodes = { parameter };
    this.arn = parameter.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
