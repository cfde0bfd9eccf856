/** Places for secrets: a key, and entries without values. What is secret never passes through the engine. */
import { Alias } from "@pulumi/aws/kms/alias.js";
import type { KeyArgs } from "@pulumi/aws/kms/key.js";
import { Secret, type SecretArgs } from "@pulumi/aws/secretsmanager/secret.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { EncryptionKey } from "../encryption/encryptionKey.ts";
import type { InAccount, Regional } from "../regional.ts";
import type { Transform } from "../transform.ts";
import { parameterArn, secretNamePattern } from "./secretName.ts";
import { secretReplicas } from "./secretReplicas.ts";

/** Where a value is kept. */
type SecretStoreKind =
  /** SSM parameter, SecureString. It cannot exist without a value, so only its name, key and readers are declared. */
  | "parameter"
  /** Secrets Manager entry, which exists without a value until somebody sets one. */
  | "secretsManager";

/** One secret. */
interface SecretSpec {
  readonly store: SecretStoreKind;
  /** What it is for, in a few words. */
  readonly description?: string | undefined;
}

/** Arguments of `Secrets`. */
export interface SecretsArgs extends Regional, InAccount {
  /** Alias of the key, by which whoever sets a value names it: `alias/` and up to 250 characters. */
  readonly keyAlias: string;
  /** Secrets by name; names start with a slash and have three parts or more, as in `/coinestate/prod/jwt/secret`. */
  readonly secrets: Readonly<Record<string, SecretSpec>>;
  /** Further regions that keep the Secrets Manager entries in step, with the key of each there. @default none */
  readonly replicaKeys?: Readonly<Record<string, Input<string>>> | undefined;
  /** Days in which a deleted entry can be restored, 7–30, or 0 to delete at once. Its name is taken until then. @default 30 */
  readonly recoveryDays?: number;
  /** Refuse to delete the key and the entries. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: { readonly key?: Transform<KeyArgs>; readonly secret?: Transform<SecretArgs> };
}

/** Everything wrong with plain arguments. */
export function secretsProblems({ keyAlias, secrets, recoveryDays = 30 }: SecretsArgs): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  if (!/^alias\/[\w/-]{1,250}$/.test(keyAlias) || keyAlias.startsWith("alias/aws/"))
    problems.push({
      propertyPath: "keyAlias",
      reason: `is ${keyAlias}; give alias/ and letters, digits, hyphens, slashes, not alias/aws/`,
    });
  for (const name of Object.keys(secrets)) {
    if (!secretNamePattern.test(name) || name.length > 512)
      problems.push({ propertyPath: `secrets.${name}`, reason: "is not a name of three or more parts, each with a slash in front" });
  }
  if (recoveryDays !== 0 && (!Number.isInteger(recoveryDays) || recoveryDays < 7 || recoveryDays > 30))
    problems.push({ propertyPath: "recoveryDays", reason: `is ${recoveryDays}; give an integer from 7 to 30 (days), or 0` });
  return problems;
}

/**
 * One customer key for all of them, Secrets Manager entries without a version, and the ARNs that readers are granted. Values
 * are written with `slipway secrets set` or the AWS CLI: they are in no config, no state and no plan.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Secrets extends Component {
  readonly keyArn: Output<string>;
  /** Exact ARN by name. A Secrets Manager entry's is known when it exists. */
  readonly arns: Readonly<Record<string, Input<string>>>;

  constructor(name: string, args: SecretsArgs, opts?: ComponentResourceOptions) {
    super("slipway:secrets:Secrets", name, args, opts, secretsProblems(args));
    const { region, accountId, recoveryDays = 30 } = args;
    const protect = args.protect ?? false;
    const key = this.child(EncryptionKey, `${name}-key`, {
      accountId,
      description: "Secrets",
      protect,
      ...(args.transform?.key ? { transform: { key: args.transform.key } } : {}),
    });
    this.child(Alias, name, { name: args.keyAlias, targetKeyId: key.keyId });
    this.arns = Object.fromEntries(
      Object.entries(args.secrets).map(([path, { store, description }]) => {
        if (store === "parameter") return [path, parameterArn(region, accountId, path)];
        const child = `${name}-${secretKey(path)}`;
        return [
          path,
          this.child(
            Secret,
            child,
            {
              name: path,
              description: description ?? "",
              kmsKeyId: key.arn,
              recoveryWindowInDays: recoveryDays,
              ...secretReplicas(args.replicaKeys),
            },
            { transform: args.transform?.secret, protect },
          ).arn,
        ];
      }),
    );
    this.keyArn = key.arn;
    this.registerOutputs({ keyArn: this.keyArn });
  }
}

/** A secret's name as part of a resource name: `/coinestate/prod/jwt/secret` is `coinestate.prod.jwt.secret`. */
function secretKey(path: string): string {
  return path.replace(/^\//, "").replaceAll("/", ".");
}
