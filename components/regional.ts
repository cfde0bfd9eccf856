/** What nearly every component is told besides its own arguments. */
import type { Input } from "@pulumi/pulumi";
import type { Tags } from "./tags.ts";

/** Within which limits roles are made. Both or none: who may make roles may make these only, and change none besides. */
export interface RoleLimits {
  /** ARN of the policy that says the most that a role can do. */
  readonly permissionsBoundary: Input<string>;
  /** Path of the roles, with a slash at both ends. */
  readonly path: string;
}

/** Something that makes resources which carry tags, and perhaps roles. */
export interface Tagged {
  /** Tags of everything that the component makes. @default no tags */
  readonly tags?: Tags | undefined;
  /** Limits of the roles that the component makes. @default none */
  readonly roles?: RoleLimits | undefined;
}

/** Something that stands in one AWS region. */
export interface Regional extends Tagged {
  /** AWS region. */
  readonly region: string;
}

/** Something that belongs to one AWS account. */
export interface InAccount {
  /** Account, 12 digits. */
  readonly accountId: string;
}
