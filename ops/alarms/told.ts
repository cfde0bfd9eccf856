/** Who is told of each severity in a region: its topic, and who is subscribed to that. */
import { type Severity, severities, severityOfTopic } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { type Subscriber, subscribersOf, type Topic, topicsIn } from "../doctor/people.ts";
import type { State } from "../engine/state.ts";
import { type Reading, reading } from "../status/reading.ts";

/** A severity's topic. */
export interface ToldSeverity {
  readonly severity: Severity;
  /** Undefined where the last update left none. */
  readonly topic: Topic | undefined;
  readonly subscribers: Reading<readonly Subscriber[]>;
}

/** Asks SNS of every severity; where everything goes to one topic, of that. */
export async function toldIn(
  { aws: { region: own }, notifications }: StackConfig,
  aws: Aws,
  state: State,
  region: string,
): Promise<ToldSeverity[]> {
  const topics = topicsIn(state, own).filter((topic) => topic.region === region);
  const read = new Map<string, Promise<Reading<readonly Subscriber[]>>>();
  return Promise.all(
    severities.map(async (severity): Promise<ToldSeverity> => {
      const topic = topics.find(({ arn }) => severityOfTopic(arn) === (notifications.sendAllTo ?? severity));
      if (topic === undefined) return { severity, topic, subscribers: { answer: "unread", reason: "there is no topic" } };
      const asked = read.get(topic.arn) ?? reading(() => subscribersOf(aws, topic));
      read.set(topic.arn, asked);
      return { severity, topic, subscribers: await asked };
    }),
  );
}

/** Whether somebody gets what is sent: true where SNS does not tell, since sending will show it. */
export function reachesSomebody({ topic, subscribers }: ToldSeverity): boolean {
  return topic !== undefined && (subscribers.answer === "unread" || subscribers.value.some(({ confirmed }) => confirmed));
}

/** Subscribers as people know them; the address of PagerDuty carries its key. */
export function shownSubscribers({ subscribers }: ToldSeverity): string {
  if (subscribers.answer === "unread") return `could not be read: ${subscribers.reason}`;
  if (subscribers.value.length === 0) return "nobody";
  return subscribers.value.map((one) => `${nameOf(one)}${one.confirmed ? "" : " (waits to be confirmed)"}`).join("\n");
}

function nameOf({ protocol, endpoint, chat }: Subscriber): string {
  if (chat) return "Slack";
  return protocol === "https" ? "PagerDuty" : endpoint;
}
