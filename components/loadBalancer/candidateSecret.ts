/** What a request must carry to reach a colour by name: a colour without traffic is reached by who may read this, and by nobody else. */
import type { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, secret } from "@pulumi/pulumi";
import type { Colour } from "../colours.ts";
import { Component, type Regional } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { drawnSecret } from "../secrets/drawnSecret.ts";
import { candidateSecret } from "./contract.ts";

/** Arguments of `CandidateSecret`: those of its contract, and these. */
export interface CandidateSecretArgs extends Given<typeof candidateSecret>, Regional {
  /** Key that encrypts the secret. */
  readonly keyArn: Input<string>;
}

/**
 * The secret of the candidate header, for all services of a region. Another `candidateSecret` draws another value, moves the rules to it
 * and removes the old one, in one update: who reads it from Secrets Manager for each request notices nothing.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class CandidateSecret extends Component {
  /** The real resources. */
  readonly nodes: { readonly secret: Secret };
  /** Known only when the secret has its value. */
  readonly arn: Output<string>;
  /** Secret output. */
  readonly value: Output<string>;

  constructor(name: string, args: CandidateSecretArgs, opts?: ComponentResourceOptions) {
    const { candidateSecret: key } = accepted(name, candidateSecret, args);
    super("slipway:loadBalancer:CandidateSecret", name, args, opts);
    const description = "Header that reaches a colour by name: <colour>-<this value>";
    const { holder, value } = drawnSecret(this, `${name}-${key}`, { keyArn: args.keyArn, description });
    this.nodes = { secret: holder };
    this.arn = holder.arn;
    this.value = value;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Value of the candidate header that reaches a colour, a secret output. */
export function candidateValue(colour: Colour, key: Input<string>): Output<string> {
  return secret(interpolate`${colour}-${key}`);
}
