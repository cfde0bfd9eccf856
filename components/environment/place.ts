/** One region of one environment: where things stand, what they are tagged with, and whose they are. */
import type { ComponentResourceOptions, ProviderResource } from "@pulumi/pulumi";
import type { ArgsOf, ResourceClass, Told } from "../made.ts";
import type { InAccount, Regional } from "../regional.ts";
import { regionCode } from "./regionCode.ts";

/** What a place is. */
interface PlaceArgs extends Regional, InAccount {
  /** Whose environment it is: `coinestate`. */
  readonly system: string;
  /** Which of the system's environments: `prod`. */
  readonly environment: string;
  /** Stateful resources refuse to be deleted. */
  readonly protect: boolean;
  /** One of each cloud that is used; AWS's guards the account. */
  readonly providers: readonly ProviderResource[];
}

/** What a component need not be told: the place knows it. */
type Handed = "region" | "accountId" | "tags" | "protect" | "roles";

/** Made once a region and handed down. Whatever is made in it stands in its region and account, with its tags and providers. */
export class Place {
  readonly region: string;
  /** Short code of the region, the beginning of the names of what stands there. */
  readonly code: string;
  readonly accountId: string;
  /** The stack in the names of what AWS keeps by name: `coinestate-prod`. */
  readonly stack: string;
  readonly #args: PlaceArgs;

  constructor(args: PlaceArgs) {
    this.#args = args;
    this.region = args.region;
    this.code = regionCode(args.region);
    this.accountId = args.accountId;
    this.stack = `${args.system}-${args.environment}`;
  }

  /** The same environment in another region. */
  in(region: string): Place {
    return new Place({ ...this.#args, region });
  }

  /** The same place, for what is made with further tags. */
  tagged(tags: Readonly<Record<string, string>>): Place {
    return new Place({ ...this.#args, tags: { ...this.#args.tags, ...tags } });
  }

  /** What something is for, as people read it: `coinestate prod: static sites`. */
  title(what: string): string {
    return `${this.#args.system} ${this.#args.environment}: ${what}`;
  }

  /** Makes a component here. @param args they win over what the place hands down */
  make<Class extends ResourceClass>(
    type: Class,
    name: string,
    args: Told<ArgsOf<Class>, Handed>,
    opts: ComponentResourceOptions = {},
  ): InstanceType<Class> {
    const { region, accountId, tags, protect, roles, providers } = this.#args;
    const whole = { region, accountId, tags, protect, roles, ...args };
    return new type(name, whole as never, { providers: [...providers], ...opts }) as InstanceType<Class>;
  }
}
