/** Who may log in to a cache. */
import { User } from "@pulumi/aws/elasticache/user.js";
import { UserGroup } from "@pulumi/aws/elasticache/userGroup.js";
import { ComponentResource, type ComponentResourceOptions, type Input, interpolate, type Output, output } from "@pulumi/pulumi";
import { Credential } from "../credential/credential.ts";
import type { Regional } from "../regional.ts";
import { named } from "../tags.ts";

/** Arguments of `CacheUsers`. */
export interface CacheUsersArgs extends Regional {
  readonly engine: "valkey" | "redis";
  /** Key of the secret. */
  readonly keyArn: Input<string>;
  /** User of the applications. */
  readonly username: string;
  /** Refuse to delete the secret. @default false */
  readonly protect?: boolean;
}

/** All commands on all keys but those that change the server or the users. */
const applicationAccess = "on ~* &* +@all -@admin -@dangerous +info +keys";

/** One user with a generated password; Redis besides asks for a user named `default`, which is turned off. */
export class CacheUsers extends ComponentResource {
  readonly groupId: Output<string>;
  readonly secretArn: Output<string>;
  /** The name with digits of its key, for physical names that AWS wants to be given. */
  readonly suffixed: Output<string>;

  constructor(name: string, args: CacheUsersArgs, opts?: ComponentResourceOptions) {
    super("slipway:cache:CacheUsers", name, {}, opts);
    const { region, engine, keyArn, username, tags } = args;
    // Ids are one namespace in account and region, at most 40 characters.
    this.suffixed = output(keyArn).apply((arn) => `${name}-${arn.replace(/^.*:key\/(?:mrk-)?/, "").slice(0, 8)}`);
    const credential = new Credential(
      `${name}-${username}`,
      { region, username, description: `${name}: user of the applications`, keyArn, protect: args.protect ?? false, tags },
      { parent: this },
    );
    const user = new User(
      `${name}-${username}`,
      {
        region,
        engine,
        userId: interpolate`${this.suffixed}-a`,
        userName: username,
        accessString: applicationAccess,
        passwords: [credential.password],
        tags: named(`${name}-${username}`, tags),
      },
      // The id stays when the name changes, so the old user has to go first.
      { parent: this, deleteBeforeReplace: true, additionalSecretOutputs: ["passwords"] },
    );
    const off =
      engine === "valkey"
        ? []
        : [
            new User(
              `${name}-default`,
              {
                region,
                engine,
                userId: interpolate`${this.suffixed}-d`,
                userName: "default",
                accessString: "off ~* -@all",
                noPasswordRequired: true,
                tags: named(`${name}-default`, tags),
              },
              { parent: this },
            ),
          ];
    const group = new UserGroup(
      name,
      { region, engine, userGroupId: this.suffixed, userIds: [...off, user].map(({ userId }) => userId), tags: named(name, tags) },
      { parent: this },
    );
    this.groupId = group.userGroupId;
    this.secretArn = credential.secretArn;
    this.registerOutputs();
  }
}
