/** A service that is released, wherever it runs: what the questions of a release read of it, and what an update asks of it. */
import type { Healthy } from "../../components/release/capacity.ts";
import type { Deployment } from "../../components/release/deployment.ts";
import type { Colour, Weights } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import type { Cluster } from "../kubernetes/cluster.ts";

type Service = StackConfig["services"][string];

/** What is read of a service's config, to know it by what is live. */
export interface ReleasedSettings extends Pick<Service, "compute"> {
  readonly release: Pick<Service["release"], "live" | "candidateWeight"> &
    Readonly<Record<Colour, Pick<Service["release"][Colour], "image" | "capacity">>>;
  readonly scaling: Pick<Service["scaling"], "minimum" | "maximum">;
}

/** What is read of a config, to know its services by what is live. */
export interface ReleasedConfig extends Pick<StackConfig, "system" | "environment" | "aws" | "failover" | "kubernetes"> {
  readonly services: Readonly<Record<string, ReleasedSettings>>;
}

/** What an update works on. @template Config what is known of its config */
export interface Updated<Config extends ReleasedConfig = StackConfig> {
  readonly config: Config;
  /** The stack's, as it is. */
  readonly state: State;
  readonly aws: Aws;
  readonly cluster: Pick<Cluster, "read" | "patch">;
}

/** What runs in a colour. */
export interface LiveColourDeployment extends Deployment {
  /** Digest that the state's revision has. */
  readonly digest: string;
  /** What the scheduler says of it. @default nothing */
  readonly why?: string;
}

/** Deployments by colour; none of a colour that the state or the cloud has none of. */
export type LiveDeployments = Readonly<Partial<Record<Colour, LiveColourDeployment>>>;

/** One colour's autoscaling: its bounds, and who is asked for tasks. */
export interface ColourScaling {
  /** Of the resource that has the bounds. */
  readonly urn: string;
  /** Path of the fewest tasks in it. */
  readonly property: string;
  /** Name of what runs the tasks. */
  readonly runner: string;
  /** Fewest tasks that the stack declares; an update that reads what is live does not change this. */
  readonly declared: number;
  readonly maximum: number;
  /** Fewest tasks that are kept now; undefined where nobody scales the colour any more. */
  readonly fewest: () => Promise<number | undefined>;
  /** Sets the fewest tasks, and leaves the most as they are. */
  readonly keep: (tasks: number) => Promise<unknown>;
  /** Asks for so many tasks at once. @default to keep them is to ask for them */
  readonly run?: (tasks: number) => Promise<unknown>;
}

/** What splits a service's traffic, as it was read. */
export interface Split {
  /** Whole percent. */
  readonly weights: Weights;
  /** Clients stay with the colour that they met. */
  readonly sticky: boolean;
  /** Gives everything to a colour, also of the clients that stay with the other: one write. @throws UserError when it is refused */
  readonly giveAll: (receiver: Colour) => Promise<void>;
}

/** A service whose traffic an update may move: its targets are tasks, or pods. One that the state has no rule for is none. */
export interface ReleasedService {
  readonly service: string;
  /** Of its release record. */
  readonly region: string;
  /** As lines for people name it. */
  readonly where: string;
  /** What has the weights, as a sentence begins with it. */
  readonly balancer: string;
  readonly live: Colour;
  /** Percent of traffic that config gives the candidate here. */
  readonly candidateWeight: number;
  /** Tasks that the live colour has at least. */
  readonly minimumTasks: number;
  /** Weights as they are live, whole percent. @throws UserError when they cannot be read */
  readonly weights: () => Promise<Weights>;
  /** What splits the traffic, to be written without another read. @throws UserError when it cannot be read */
  readonly split: () => Promise<Split>;
  /** Who answers, by colour; none of a colour that cannot be read. */
  readonly healthy: () => Promise<Healthy>;
  /** What each colour was told to run, and what runs. @throws UserError when nobody can tell */
  readonly deployments: () => Promise<LiveDeployments>;
  /** Undefined where nobody scales the colour. */
  readonly scaling: (colour: Colour) => ColourScaling | undefined;
  /** Why no traffic may be moved to a colour; undefined when somebody is there to take it. */
  readonly reasonToStay: (receiver: Colour) => Promise<string | undefined>;
  /** Writes weights, and nothing else. @throws UserError when they cannot be written */
  readonly giveWeights: (weights: Weights) => Promise<void>;
}
