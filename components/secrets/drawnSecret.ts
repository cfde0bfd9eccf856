/** A value that is drawn once, kept in Secrets Manager and in the encrypted part of the state, and is in no file. */
import { randomBytes } from "node:crypto";
import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import { type Input, type Output, secret } from "@pulumi/pulumi";
import type { Component } from "../component.ts";

/** What a drawn secret is made with. */
export interface DrawnSecretArgs {
  /** What it is for, in a few words. */
  readonly description: string;
  /** Key that encrypts it. */
  readonly keyArn: Input<string>;
  /** Once removed it can be brought back for a week. @default false: its removal is final */
  readonly protect?: boolean | undefined;
}

/** Hexadecimal digits of a secret, 160 random bits: a listener compares without regard to case, and these lose nothing by it. */
const secretLength = 40;

/**
 * Draws a secret that belongs to a component. Its removal is a step of its change, so the engine never refuses it.
 * @returns the secret, and its value as a secret output
 */
export function drawnSecret(owner: Component, name: string, { description, keyArn, protect = false }: DrawnSecretArgs) {
  const holder = owner.child(Secret, name, {
    namePrefix: `${name}-`,
    description,
    kmsKeyId: keyArn,
    recoveryWindowInDays: protect ? 7 : 0,
  });
  // Drawn inside `apply`, so that it is unknown in the preview of a creation, and by nobody else: a preview needs no right for it.
  // Later runs draw another one, which is ignored.
  const drawn = holder.arn.apply(() => randomBytes(secretLength / 2).toString("hex"));
  const version = owner.child(
    SecretVersion,
    name,
    { secretId: holder.id, secretString: secret(drawn) },
    { ignoreChanges: ["secretString"] },
  );
  const value: Output<string> = secret(version.secretString.apply((text) => text ?? ""));
  return { holder, value };
}
