/** Who is told of alarms: what the stack subscribed, what became of it at SNS, and when somebody last saw that messages come. */
import { readTestRecord, testLine } from "../alarms/testRecord.ts";
import type { Subscriber, Topic } from "../doctor/people.ts";
import { subscribersOf, topicsIn } from "../doctor/people.ts";
import type { State } from "../engine/state.ts";
import type { Asked, AskedWithState } from "./asked.ts";
import { type Reading, reading } from "./reading.ts";

/** One subscription that the state has. */
export interface Subscription {
  /** An address; of PagerDuty its name, as the endpoint carries its key. */
  readonly who: string;
  /** Name of the topic. */
  readonly topic: string;
  readonly region: string;
  /** `gone`: SNS does not have it any more, so that nobody is told; `unconfirmed`: it waits for somebody to say yes; `unread`: SNS does not tell. */
  readonly state: "confirmed" | "unconfirmed" | "gone" | "unread";
}

/** Every subscription of the stack, as SNS has it now. What one region does not tell keeps no other from being told. */
export async function subscriptionsOf({ stack, state, aws }: AskedWithState): Promise<Subscription[]> {
  const declared = declaredIn(state);
  const topics = topicsIn(state, stack.config.aws.region).filter(({ arn }) => declared.some(({ topic }) => topic === arn));
  const asked = await Promise.all(topics.map(async (topic) => [topic, await reading(() => subscribersOf(aws, topic))] as const));
  return asked.flatMap(([topic, read]) =>
    declared.filter((one) => one.topic === topic.arn).map((one) => ({ ...placeOf(topic), who: one.who, state: stateOf(one, read) })),
  );
}

/** The last test of the alarms' messages, in a line: the record's digests of codes are nobody's to see. */
export async function lastTestOf({ stack: { config }, aws }: Pick<Asked, "stack" | "aws">): Promise<string> {
  return testLine(await readTestRecord(aws, config));
}

interface Declared {
  readonly topic: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly who: string;
}

function declaredIn({ resources }: State): Declared[] {
  return resources.flatMap(({ type, outputs = {}, delete: leaving }): Declared[] => {
    if (type !== "aws:sns/topicSubscription:TopicSubscription" || leaving === true) return [];
    const { topic, protocol, endpoint } = outputs;
    const mail = protocol === "email";
    return [
      {
        ...{ topic: String(topic), protocol: String(protocol), endpoint: typeof endpoint === "string" ? endpoint : "" },
        who: mail ? String(endpoint) : protocol === "https" ? "PagerDuty" : String(protocol),
      },
    ];
  });
}

function placeOf({ arn, region }: Topic) {
  return { topic: arn.split(":").at(-1) ?? arn, region };
}

/** An endpoint that is a secret of the state cannot be compared: any subscriber of its protocol counts. */
function stateOf({ protocol, endpoint }: Declared, read: Reading<readonly Subscriber[]>): Subscription["state"] {
  if (read.answer === "unread") return "unread";
  const mine = read.value.filter((one) => one.protocol === protocol && !one.chat && (endpoint === "" || one.endpoint === endpoint));
  if (mine.length === 0) return "gone";
  return mine.some(({ confirmed }) => confirmed) ? "confirmed" : "unconfirmed";
}
