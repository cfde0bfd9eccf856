/** An incident as a script: the fault, what the person on call reads first, and by what one sees that it is over. */
import type { Edits } from "../harness/config.ts";
import type { StackUnderTest } from "../harness/stack.ts";

/** How many commands it took until something was so; `never` where no command of the product led there. */
export type Commands = number | "never";

/** What is counted of an incident. */
export interface Counts {
  /** Until somebody had read what is wrong. */
  readonly known: Commands;
  /** Until users were served again. */
  readonly painEnds: Commands;
  /** Until config, state and cloud agree and nothing is held. */
  readonly clean: Commands;
}

/** One incident. Everything is read from the simulated cloud and never from what a command says of itself, but `known`. */
export interface Incident {
  /** `I1` … of the incidents that were walked by documents alone, `P1` … of public post-mortems. */
  readonly id: string;
  readonly what: string;
  /** The stack that it happens to. */
  readonly stack: { readonly name: string; readonly edits?: Edits };
  /** What the same took on the first edition; undefined for those that nobody walked then. */
  readonly before?: Counts;
  /** Makes what was there before the fault, such as a canary that is open. */
  readonly prepare?: (stack: StackUnderTest) => Promise<void>;
  /** The fault itself, made as the cloud, a person or a killed machine makes it. */
  readonly fault: (stack: StackUnderTest) => Promise<void> | void;
  /** The alarm whose text the person has read, by the end of its name; undefined where nobody is paged. */
  readonly alarm?: RegExp;
  /** What users say, where no metric tells: the person takes the line of the status that has these words. @default nobody called */
  readonly complaint?: RegExp;
  /** What somebody has to have read to know what is wrong. */
  readonly known: RegExp;
  /** Whether users are served. */
  readonly served: (stack: StackUnderTest) => boolean;
  /** Whether nothing of the fault is left. */
  readonly clean: (stack: StackUnderTest) => boolean;
  /** What may be true after no command: the way out made it worse. @default never anything */
  readonly unsafe?: (stack: StackUnderTest) => string | undefined;
  /** What others do meanwhile, after each command: a fixed image is built, a database comes up. */
  readonly meanwhile?: (stack: StackUnderTest) => Promise<void> | void;
}
