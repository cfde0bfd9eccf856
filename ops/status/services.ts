/** Services as they stand: traffic by what is live, by the state and by the config, who answers, what runs and since when. */
import { deploymentAnswer } from "../../components/release/deployment.ts";
import type { DigestEntry } from "../../components/release/recordContract.ts";
import { type Colour, colours, type Weights, weightsOf } from "../../infra/config/release.ts";
import { readReleaseRecord, recordPlaceIn } from "../release/recordTable.ts";
import type { LiveDeployments, ReleasedService } from "../release/releasedService.ts";
import { releasedServices } from "../release/releasedServices.ts";
import { rollbackTo } from "../release/situation.ts";
import type { AskedWithState } from "./asked.ts";
import { known, type Reading, reading } from "./reading.ts";
import { stateWeights } from "./stateWeights.ts";

/** One colour of a service. What could not be read is missing, and named in the service's `unread`. */
export interface ColourStatus {
  readonly colour: Colour;
  /** Percent of traffic that it has, by the load balancer or the route. */
  readonly live?: number;
  /** Percent that the state says. */
  readonly state?: number;
  /** Percent that the config says. */
  readonly config: number;
  /** Targets that are healthy, or pods that are ready. */
  readonly healthy?: number;
  readonly tasks?: { readonly wanted: number; readonly running: number };
  /** Tasks that it may scale to, as the last update left it. */
  readonly maximum?: number;
  /** Whether it wants as many tasks as it may have. */
  readonly atMaximum: boolean;
  /** Image that the state's revision has. */
  readonly digest?: string;
  /** Why it does not run what it was told to. @default it does, or nobody can tell */
  readonly trouble?: string;
  /** What the release record says of the digest. @default nothing */
  readonly release?: Pick<DigestEntry, "state" | "since" | "by">;
}

/** A service in one region. */
export interface ServiceStatus {
  readonly service: string;
  readonly region: string;
  /** As lines for people name it: `api`, `api in eu-west-1`. */
  readonly where: string;
  /** Colour that a rollback gives everything to. */
  readonly home: Colour;
  readonly colours: readonly ColourStatus[];
  /** Tasks that the config lets it scale to: an update is due where a colour has another maximum. */
  readonly configMaximum?: number;
  /** What splits its traffic is in the state, and gone from the cloud. */
  readonly ruleIsGone: boolean;
  /** A sentence for each thing that could not be read. */
  readonly unread: readonly string[];
}

/** What the stack's services are. */
export interface Services {
  readonly services: readonly ServiceStatus[];
  /** Services of the config that the state has nothing of that splits traffic. */
  readonly undeployed: readonly string[];
}

/** Looks at every service in every region, side by side. */
export async function servicesOf(asked: AskedWithState): Promise<Services> {
  const { config } = asked.stack;
  const places = releasedServices({ ...asked, config });
  const undeployed = Object.keys(config.services).filter((name) => !places.some(({ service }) => service === name));
  return { services: await Promise.all(places.map((place) => statusOf(place, asked))), undeployed };
}

async function statusOf(place: ReleasedService, asked: AskedWithState): Promise<ServiceStatus> {
  const { stack, state, aws } = asked;
  const { service, region, where, live: label, candidateWeight } = place;
  const at = recordPlaceIn(stack.config, state, region, service);
  const [weights, healthy, deployments, record] = await Promise.all([
    reading(place.weights),
    reading(place.healthy),
    reading(place.deployments),
    reading(async () => {
      if (at === undefined) return undefined;
      const read = await readReleaseRecord(aws, at);
      if (read.answer === "unread") throw new Error(read.reason);
      return read.answer === "record" ? read.record : undefined;
    }),
  ]);
  const told = known(record);
  const given = { live: known(weights), state: stateWeights(asked, place), config: weightsOf(label, candidateWeight) };
  const configMaximum = stack.config.services[service]?.scaling.maximum;
  const answering = known(healthy) ?? {};
  const own = colours.map((colour): ColourStatus => {
    const deployment = known(deployments)?.[colour];
    const digest = deployment?.digest ?? told?.runs[colour];
    const maximum = place.scaling(colour)?.maximum ?? configMaximum;
    const entry = told?.digests.findLast((one) => one.digest === digest && one.colour === colour);
    return {
      colour,
      ...sharesOf(colour, given),
      ...(answering[colour] === undefined ? {} : { healthy: answering[colour] }),
      ...tasksOf(deployment),
      ...(maximum === undefined ? {} : { maximum }),
      atMaximum: deployment !== undefined && maximum !== undefined && deployment.wanted.tasks >= maximum,
      ...(digest === undefined ? {} : { digest }),
      ...(entry === undefined ? {} : { release: { state: entry.state, since: entry.since, by: entry.by } }),
    };
  });
  const served = own.filter(({ live = 0 }) => live > 0);
  const blind = served.filter((colour) => colour.healthy === undefined).map(({ colour }) => colour);
  return {
    ...{ service, region, where, colours: own },
    ...(configMaximum === undefined ? {} : { configMaximum }),
    ruleIsGone: weights.answer === "unread" && gone.test(weights.reason),
    home: told?.wayBack ?? rollbackTo(state, service) ?? label,
    unread: [
      ...reasonsOf(where, { weights, deployments, "release record": record, health: healthy }),
      ...(blind.length === 0 ? [] : [`${where}: who answers in ${blind.join(" and ")} could not be read`]),
    ],
  };
}

/** By the error's own name at AWS, and by what a cluster's service says of routes that are gone. */
const gone = /RuleNotFound|no object splits traffic/;

type Given = Readonly<Record<"live" | "state", Weights | undefined> & Record<"config", Weights>>;

function sharesOf(colour: Colour, { live, state, config }: Given): Pick<ColourStatus, "live" | "state" | "config"> {
  return {
    ...(live === undefined ? {} : { live: live[colour] }),
    ...(state === undefined ? {} : { state: state[colour] }),
    config: config[colour],
  };
}

function tasksOf(deployment: LiveDeployments[Colour]): Pick<ColourStatus, "tasks" | "trouble"> {
  if (deployment === undefined) return {};
  const { answer, reason } = deploymentAnswer(deployment);
  const tasks = { wanted: deployment.wanted.tasks, running: deployment.running.tasks };
  const { why } = deployment;
  return answer === "asWanted" ? { tasks } : { tasks, trouble: why === undefined ? reason : `${reason}: ${why}` };
}

function reasonsOf(where: string, readings: Readonly<Record<string, Reading<unknown>>>): string[] {
  return Object.entries(readings).flatMap(([what, read]) => (read.answer === "read" ? [] : [`${where}, ${what}: ${read.reason}`]));
}
