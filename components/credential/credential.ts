/** A user name with a generated password, kept in Secrets Manager. */
import { randomBytes } from "node:crypto";
import { Secret, type SecretArgs } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import { type ComponentResourceOptions, type Input, type Output, secret } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { secretReplicas } from "../secrets/secretReplicas.ts";

/** Arguments of `Credential`. */
export interface CredentialArgs extends Regional, Transformable<{ secret: SecretArgs }> {
  /** Who logs in with it. A change does not reach the stored secret; make another credential instead. */
  readonly username: string;
  /** What it opens, in a few words. */
  readonly description: string;
  /** Key that encrypts the secret. */
  readonly keyArn: Input<string>;
  /** Further regions that keep the secret in step, with the key of each there. @default none */
  readonly replicaKeys?: Readonly<Record<string, Input<string>>> | undefined;
  /** Refuse to delete the secret, and give 30 days instead of 7 to bring it back. @default false */
  readonly protect?: boolean;
}

/**
 * A secret of the form `{"username": …, "password": …}`, the form that RDS gives its own secrets. The password is drawn
 * once, when the secret is created: 256 random bits in letters, digits, `-` and `_`, which every engine and every URL
 * takes. It is in the engine's state encrypted only, and never in config.
 */
export class Credential extends Component {
  /** The real resources. */
  readonly nodes: { readonly secret: Secret };
  /** Known only when the secret has its value. */
  readonly secretArn: Output<string>;
  /** Secret output: the engine encrypts it and never prints it. */
  readonly password: Output<string>;

  constructor(name: string, args: CredentialArgs, opts?: ComponentResourceOptions) {
    super("slipway:credential:Credential", name, args, opts);
    const { protect = false } = args;
    const holder = this.child(
      Secret,
      name,
      {
        description: args.description,
        kmsKeyId: args.keyArn,
        recoveryWindowInDays: protect ? 30 : 0, // without protection the name is free again at once
        ...secretReplicas(args.replicaKeys),
      },
      { transform: args.transform?.secret, protect },
    );
    // Drawn inside `apply`, so that it is unknown in the preview of a creation: a saved plan holds no value that the update
    // would then differ from. Later runs draw again and are ignored: what counts is the version that exists.
    const drawn = holder.arn.apply(() => JSON.stringify({ username: args.username, password: randomBytes(32).toString("base64url") }));
    const version = this.child(
      SecretVersion,
      name,
      { secretId: holder.id, secretString: secret(drawn) },
      { ignoreChanges: ["secretString"], additionalSecretOutputs: ["secretString"] },
    );
    this.nodes = { secret: holder };
    this.secretArn = version.arn;
    // Out of the version and not out of what was drawn: whoever logs in has the password that is stored.
    this.password = secret(version.secretString.apply(passwordIn));
    this.registerOutputs({ secretArn: this.secretArn });
  }
}

function passwordIn(secretString: string | undefined): string {
  const { password } = JSON.parse(secretString ?? "{}") as { readonly password?: unknown };
  return typeof password === "string" ? password : "";
}
