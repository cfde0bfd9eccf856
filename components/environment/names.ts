/** What the resources of an environment are called: by system, environment and, where they stand in a region, the region's code. Pure. */
import { regionCode } from "./regionCode.ts";

/** Whose names they are. */
interface Named {
  /** Whose environment it is: `coinestate`. */
  readonly system: string;
  /** Which of the system's environments: `prod`. */
  readonly environment: string;
}

/** Beginning of everything that an environment is called by, and its own name: `coinestate-prod`. */
export function stackName({ system, environment }: Named): string {
  return `${system}-${environment}`;
}

/** Kinds of data stores, as their names tell them. */
export type StoreKind = "db" | "cache" | "bucket" | "files";

/**
 * Whole names, which components cut where AWS takes no more (`physicalName.ts`). The program names its components by this, and
 * `slipway config show --names` prints what comes of it.
 */
export class Names {
  /** The environment itself: `coinestate-prod`. */
  readonly stack: string;
  /** Short code of the region: `use1`. */
  readonly code: string;

  constructor(named: Named, region: string) {
    this.stack = stackName(named);
    this.code = regionCode(region);
  }

  /** The region itself: `coinestate-prod-use1`. */
  get region(): string {
    return `${this.stack}-${this.code}`;
  }

  /** Of something that stands in the region: `coinestate-prod-use1-alb`. */
  regional(what: string): string {
    return `${this.region}-${what}`;
  }

  /** Of something that belongs to no single region: `coinestate-prod-budget`. */
  global(what: string): string {
    return `${this.stack}-${what}`;
  }

  /** Of a data store: `coinestate-prod-use1-db-main`. */
  store(kind: StoreKind, store: string): string {
    return this.regional(`${kind}-${store}`);
  }
}
