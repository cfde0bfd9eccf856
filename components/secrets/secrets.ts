/** Places for secrets: a key, and entries without values. What is secret never passes through the engine. */
import { Alias } from "@pulumi/aws/kms/alias.js";
import type { Key, KeyArgs } from "@pulumi/aws/kms/key.js";
import { Secret, type SecretArgs } from "@pulumi/aws/secretsmanager/secret.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { EncryptionKey } from "../encryption/encryptionKey.ts";
import { parameterArn, secrets } from "./contract.ts";
import { secretReplicas } from "./secretReplicas.ts";

/** Arguments of `Secrets`: those of its contract, and these. */
export interface SecretsArgs extends Given<typeof secrets>, Regional, InAccount, Transformable<{ key: KeyArgs; secret: SecretArgs }> {
  /** Further regions that keep the Secrets Manager entries in step, with the key of each there. @default none */
  readonly replicaKeys?: Readonly<Record<string, Input<string>>> | undefined;
  /** Refuse to delete the key and the entries. @default false */
  readonly protect?: boolean;
}

/**
 * One customer key for all of them, Secrets Manager entries without a version, and the ARNs that readers are granted. Values
 * are written with `slipway secrets set` or the AWS CLI: they are in no config, no state and no plan.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Secrets extends Component {
  /** The real resources; secrets are those of Secrets Manager, by name. */
  readonly nodes: { readonly key: Key; readonly secrets: Readonly<Record<string, Secret>> };
  readonly keyArn: Output<string>;
  /** Exact ARN by name. A Secrets Manager entry's is known when it exists. */
  readonly arns: Readonly<Record<string, Input<string>>>;

  constructor(name: string, args: SecretsArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, secrets, args);
    super("slipway:secrets:Secrets", name, args, opts);
    const { region, accountId, protect = false } = args;
    const key = this.child(EncryptionKey, `${name}-key`, {
      accountId,
      description: "Secrets",
      protect,
      ...(args.transform?.key ? { transform: { key: args.transform.key } } : {}),
    });
    this.child(Alias, name, { name: given.keyAlias, targetKeyId: key.keyId });
    const entries: Record<string, Secret> = {};
    this.arns = Object.fromEntries(
      Object.entries(given.secrets).map(([path, { store, description }]) => {
        if (store === "parameter") return [path, parameterArn(region, accountId, path)];
        const entry = this.child(
          Secret,
          `${name}-${secretKey(path)}`,
          {
            name: path,
            description: description ?? "",
            kmsKeyId: key.arn,
            recoveryWindowInDays: given.recoveryDays,
            ...secretReplicas(args.replicaKeys),
          },
          { transform: args.transform?.secret, protect },
        );
        entries[path] = entry;
        return [path, entry.arn];
      }),
    );
    this.nodes = { ...key.nodes, secrets: entries };
    this.keyArn = key.arn;
    this.registerOutputs({ keyArn: this.keyArn });
  }
}

/** A secret's name as part of a resource name: `/coinestate/prod/jwt/secret` is `coinestate.prod.jwt.secret`. */
function secretKey(path: string): string {
  return path.replace(/^\//, "").replaceAll("/", ".");
}
