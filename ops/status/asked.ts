/** What every look of `slipway status` is asked with. */
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import type { NamedStack } from "../project/stack.ts";

/** A stack, and the clouds that it is in. */
export interface Asked {
  readonly stack: NamedStack;
  readonly aws: Aws;
  readonly cluster: Pick<Cluster, "read" | "patch">;
}

/** The same where the stack's state could be read. */
export interface AskedWithState extends Asked {
  readonly state: State;
}
