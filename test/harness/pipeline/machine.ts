/** What a job of the pipeline works on, in place of GitHub's machine: the sandbox's, and the acceptance's with the real provider. */
import type { CommandResult } from "../host/commandProcess.ts";

/** Variables of a step. */
export type Variables = Readonly<Record<string, string>>;

/** A moment of an update at which something happens beside it. */
export interface Moment {
  /** When: as the load balancer's rule gets its weights, or as the first service gets another task definition, which is there by then. */
  readonly at: "traffic" | "tasks";
  /** What happens: the engine is killed with all that it started, or this, before the update goes on. */
  readonly happens: "kill" | (() => Promise<void>);
}

/** The cloud and the machines of a pipeline with one stack. */
export interface Machine {
  /** The stack's name. */
  readonly stack: string;
  /** Where its state is, as `backend` in `SLIPWAY_STACKS`. */
  readonly backend: string;
  /** An image can be there before its repository is: not at AWS, where the run that makes the repository asks for the image, and the job again takes it. */
  readonly pushesAhead: boolean;
  /** A new folder with the project's files, as a checkout makes one. */
  checkout(): string;
  /**
   * Runs a step's script. Never throws for one that fails.
   * @param folder the checkout
   * @param moment happens in the update that the script makes
   */
  run(folder: string, script: string, variables: Variables, moment?: Moment): Promise<CommandResult>;
  /** Runs a person's command line, such as `["up", "--yes"]`, on the stack. */
  byHand(folder: string, command: readonly string[]): Promise<CommandResult>;
  /** Weights of a service that are live: blue, green. */
  weights(service: string): Promise<readonly number[]>;
}
