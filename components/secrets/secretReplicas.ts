/** Copies of a secret in other regions, kept in step by Secrets Manager. */
import type { SecretArgs } from "@pulumi/aws/secretsmanager/secret.js";
import type { Input } from "@pulumi/pulumi";

/** What a secret takes for its copies. @param keys key of each region by its name */
export function secretReplicas(keys: Readonly<Record<string, Input<string>>> = {}): Pick<SecretArgs, "replicas"> {
  const replicas = Object.entries(keys)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([region, kmsKeyId]) => ({ region, kmsKeyId }));
  return replicas.length === 0 ? {} : { replicas };
}

/** ARN of a copy: the original's with the other region in it, the random end included. */
export function replicaArn(arn: string, region: string): string {
  return arn.split(":").with(3, region).join(":");
}
