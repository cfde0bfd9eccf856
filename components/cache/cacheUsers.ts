/** Who may log in to a cache. */
import { User } from "@pulumi/aws/elasticache/user.js";
import { UserGroup } from "@pulumi/aws/elasticache/userGroup.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";
import { Credential } from "../credential/credential.ts";
import { keyedName } from "../keyedName.ts";

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
export class CacheUsers extends Component {
  readonly groupId: Output<string>;
  readonly secretArn: Output<string>;
  /** The name with digits of its key, for physical names that AWS wants to be given. */
  readonly suffixed: Output<string>;

  constructor(name: string, args: CacheUsersArgs, opts?: ComponentResourceOptions) {
    super("slipway:cache:CacheUsers", name, args, opts);
    const { engine, keyArn, username, protect = false } = args;
    // Ids are one namespace in account and region; those of users have two more characters.
    this.suffixed = keyedName("aws:elasticache/user:User", name, keyArn, 2);
    const credential = this.child(Credential, `${name}-${username}`, {
      username,
      description: `${name}: user of the applications`,
      keyArn,
      protect,
    });
    const user = this.child(
      User,
      `${name}-${username}`,
      {
        engine,
        userId: interpolate`${this.suffixed}-a`,
        userName: username,
        accessString: applicationAccess,
        passwords: [credential.password],
      },
      // The id stays when the name changes, so the old user has to go first.
      { deleteBeforeReplace: true, additionalSecretOutputs: ["passwords"] },
    );
    const off =
      engine === "valkey"
        ? []
        : [
            this.child(User, `${name}-default`, {
              engine,
              userId: interpolate`${this.suffixed}-d`,
              userName: "default",
              accessString: "off ~* -@all",
              noPasswordRequired: true,
            }),
          ];
    const group = this.child(UserGroup, name, { engine, userGroupId: this.suffixed, userIds: [...off, user].map(({ userId }) => userId) });
    this.groupId = group.userGroupId;
    this.secretArn = credential.secretArn;
    this.registerOutputs();
  }
}
