/** One region of one environment: where things stand, what they are tagged with, and whose they are. */
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import type { InAccount, Regional, RoleLimits } from "../component.ts";
import type { ArgsOf, ResourceClass, WithHandedDown } from "../resourceClass.ts";
import { Names } from "./names.ts";

/** What a place is. */
interface PlaceArgs extends Regional, InAccount {
  /** Whose environment it is: `coinestate`. */
  readonly system: string;
  /** Which of the system's environments: `prod`. */
  readonly environment: string;
  /** Stateful resources refuse to be deleted. */
  readonly protect: boolean;
  /** What holds all that is made here, and hands down its providers. @default the stack itself */
  readonly parent?: Resource;
}

/** What a component need not be told: the place knows it. */
type Handed = "region" | "accountId" | "tags" | "protect" | "roles";

/** Made once a region and handed down. Whatever is made in it stands in its region and account, with its tags, under its parent. */
export class Place {
  readonly region: string;
  readonly accountId: string;
  /** What is called how here. */
  readonly names: Names;
  readonly #args: PlaceArgs;

  constructor(args: PlaceArgs) {
    this.#args = args;
    this.region = args.region;
    this.accountId = args.accountId;
    this.names = new Names(args, args.region);
  }

  /** The same environment in another region. */
  in(region: string): Place {
    return new Place({ ...this.#args, region });
  }

  /** The same place, for what is made with further tags. */
  tagged(tags: Readonly<Record<string, string>>): Place {
    return new Place({ ...this.#args, tags: { ...this.#args.tags, ...tags } });
  }

  /** The same place, for what belongs to another resource. */
  under(parent: Resource): Place {
    return new Place({ ...this.#args, parent });
  }

  /** The same place, for whom roles have to be made within these limits. @param roles undefined for no limits */
  limited(roles: RoleLimits | undefined): Place {
    return new Place({ ...this.#args, roles });
  }

  /** What something is for, as people read it: `coinestate prod: static sites`. */
  title(what: string): string {
    return `${this.#args.system} ${this.#args.environment}: ${what}`;
  }

  /** Makes a component here. @param args they win over what the place hands down */
  make<Class extends ResourceClass>(
    type: Class,
    name: string,
    args: WithHandedDown<ArgsOf<Class>, Handed>,
    opts: ComponentResourceOptions = {},
  ): InstanceType<Class> {
    const { region, accountId, tags, protect, roles, parent } = this.#args;
    const whole = { region, accountId, tags, protect, roles, ...args };
    return new type(name, whole as never, { ...(parent === undefined ? {} : { parent }), ...opts }) as InstanceType<Class>;
  }
}
