/**
 * The model of ECS behind the doors that the product asks AWS by: what commands ask their clients, and what the rollback function calls.
 * Each call is a place where another writer may go on, or this one dies.
 */
import type { ReleaseRecord } from "../../../components/release/recordContract.ts";
import type { Latch } from "../../../components/rollback/function/decision.mjs";
import type { Calls } from "../../../components/rollback/function/index.mjs";
import type { Aws } from "../../../ops/aws/aws.ts";
import { UserError } from "../../../ops/userError.ts";
import { Ecs, type Side, sides } from "../ecs.ts";

/** When every sequence begins. */
const begin = Date.parse("2026-11-30T00:00:00Z");
export const groupOf = (side: Side) => `arn:${side}`;
const sideIn = (text: string | undefined): Side => (text?.endsWith("green") === true ? "green" : "blue");
const refused = (name: string, message: string) => Object.assign(new Error(message), { name, $metadata: {} });
type Item = { readonly version: { readonly N: string }; readonly record: { readonly S: string } };
type Forwarded = readonly { readonly TargetGroupArn?: string; readonly Weight?: number }[];

type ForwardConfig = { readonly TargetGroups: Forwarded; readonly TargetGroupStickinessConfig?: object };

/** What an operation is done by, before it is done. */
type Before = (writer: string, operation: string) => Promise<void> | void;

export class ModelCloud {
  readonly ecs = new Ecs();
  /** Fewest tasks that Application Auto Scaling keeps of a colour. */
  readonly fewest: Record<Side, number> = { blue: 2, green: 2 };
  most = 20;
  /** Colours that ECS has no service of. */
  readonly absent = new Set<Side>();
  item: Item | undefined;
  latch: Latch | undefined;
  /** Value of the latch's parameter, as commands write it; undefined where there is none. */
  parameter: string | undefined;
  /** Names of alarms that ring. */
  readonly ringing = new Set<string>();
  /** Clients stay with the colour that they met. */
  stickiness: object | undefined;
  readonly told: string[] = [];
  before: Before = () => {};

  get record(): ReleaseRecord | undefined {
    return this.item === undefined ? undefined : JSON.parse(this.item.record.S);
  }
  set record(record: ReleaseRecord | undefined) {
    this.item = record === undefined ? undefined : { version: { N: String(record.version) }, record: { S: JSON.stringify(record) } };
  }

  now(): Date {
    return new Date(begin + this.ecs.minute * 60_000);
  }

  /** The one door, as a writer opens it. */
  door(writer: string): Aws {
    const operations = this.#operations(writer);
    const gated = Object.entries(operations).map(([name, operation]) => [
      name,
      async (input: object) => {
        await this.before(writer, name);
        return operation(input as never);
      },
    ]);
    const client: unknown = Object.fromEntries(gated);
    const aws = {
      cloud: "the model",
      now: () => this.now(),
      identity: async () => ({ arn: writer }),
      client: async () => client,
      refusal: (error: unknown, what: string) => (error instanceof Error ? new UserError(`${what}: ${error.message}`) : error),
      told: (what: string, answer: Promise<object>) =>
        answer.catch((error: unknown) => {
          throw aws.refusal(error, what);
        }),
    };
    return aws as unknown as Aws;
  }

  #operations(writer: string) {
    return {
      describeRules: () => ({ Rules: [{ Actions: [{ Type: "forward", ForwardConfig: this.#forwardConfig() }] }] }),
      modifyRule: ({ Actions: [action] = [] }: { readonly Actions?: { readonly ForwardConfig: ForwardConfig }[] }) => {
        this.stickiness = action?.ForwardConfig.TargetGroupStickinessConfig;
        return this.#forward(writer, action?.ForwardConfig.TargetGroups ?? []);
      },
      describeTargetHealth: ({ TargetGroupArn }: { readonly TargetGroupArn: string }) => {
        const { healthy } = this.ecs.describe(sideIn(TargetGroupArn));
        return { TargetHealthDescriptions: Array.from({ length: healthy }, () => ({ TargetHealth: { State: "healthy" } })) };
      },
      describeServices: ({ services }: { readonly services: readonly string[] }) => ({
        services: services.filter((name) => !this.absent.has(sideIn(name))).map((name) => this.#service(name)),
      }),
      updateService: ({ service, desiredCount }: { readonly service: string; readonly desiredCount: number }) => {
        const side = sideIn(service);
        if (this.absent.has(side)) throw refused("ServiceNotFoundException", "Service not found.");
        this.ecs.update(side, this.ecs.describe(side).revision, desiredCount);
        return {};
      },
      registerScalableTarget: ({ ResourceId, MinCapacity }: { readonly ResourceId: string; readonly MinCapacity: number }) => {
        if (MinCapacity > this.most) throw refused("ValidationException", "Maximum capacity cannot be less than minimum capacity");
        this.fewest[sideIn(ResourceId)] = MinCapacity;
        return {};
      },
      describeScalableTargets: ({ ResourceIds }: { readonly ResourceIds: readonly string[] }) => ({
        ScalableTargets: ResourceIds.map((ResourceId) => ({
          ResourceId,
          MinCapacity: this.fewest[sideIn(ResourceId)],
          MaxCapacity: this.most,
        })),
      }),
      describeAlarms: ({ AlarmNames = [] }: { readonly AlarmNames?: readonly string[] }) => ({
        MetricAlarms: AlarmNames.filter((name) => this.ringing.has(name)).map((AlarmName) => ({ AlarmName })),
      }),
      getParameter: () => {
        if (this.parameter === undefined) throw refused("ParameterNotFound", "");
        return { Parameter: { Value: this.parameter } };
      },
      putParameter: ({ Value }: { readonly Value: string }) => {
        this.parameter = Value;
        return {};
      },
      getItem: () => (this.item === undefined ? {} : { Item: this.item }),
      putItem: (put: { readonly Item: Item; readonly ExpressionAttributeValues?: { readonly ":read": { readonly N: string } } }) => {
        if (this.item?.version.N !== put.ExpressionAttributeValues?.[":read"].N)
          throw refused("ConditionalCheckFailedException", "The conditional request failed");
        this.item = put.Item;
        return {};
      },
    };
  }

  /** What the rollback function calls. */
  calls(writer: string): Calls {
    const aws = this.#operations(writer);
    const gate = (operation: string) => this.before(writer, operation);
    return {
      rule: async () => {
        await gate("rule");
        return { weights: this.ecs.weights, sticky: false };
      },
      healthy: async () => {
        await gate("healthy");
        return { blue: this.ecs.describe("blue").healthy, green: this.ecs.describe("green").healthy };
      },
      forwardTo: async (TargetGroups) => {
        await gate("forwardTo");
        this.#forward(writer, TargetGroups);
      },
      askForTasks: async ({ serviceArn }, tasks) => {
        aws.registerScalableTarget({ ResourceId: serviceArn, MinCapacity: tasks });
        aws.updateService({ service: serviceArn, desiredCount: tasks });
        return [];
      },
      latch: async () => this.latch,
      setLatch: async (latch) => {
        this.latch = latch;
      },
      record: async () => {
        await gate("getItem");
        return this.record;
      },
      putRecord: async (_, record) => {
        await gate("putItem");
        if ((this.record?.version ?? 0) !== record.version - 1)
          throw refused("ConditionalCheckFailedException", "The conditional request failed");
        this.record = record;
      },
      wait: async () => {},
      tell: async ({ Message }) => {
        this.told.push(Message);
      },
    };
  }

  #forwardConfig(): ForwardConfig {
    const TargetGroups = sides.map((side) => ({ TargetGroupArn: groupOf(side), Weight: this.ecs.weights[side] }));
    return { TargetGroups, ...(this.stickiness === undefined ? {} : { TargetGroupStickinessConfig: this.stickiness }) };
  }

  #forward(writer: string, targets: Forwarded): object {
    const of = (side: Side) => targets.find(({ TargetGroupArn }) => TargetGroupArn === groupOf(side))?.Weight ?? 0;
    this.ecs.setWeights(writer, { blue: of("blue"), green: of("green") });
    return {};
  }

  #service(serviceName: string) {
    const { desired, revision, running, rollout } = this.ecs.describe(sideIn(serviceName));
    const rolloutState = { inProgress: "IN_PROGRESS", completed: "COMPLETED", failed: "FAILED" }[rollout];
    const deployments = [{ status: "PRIMARY", taskDefinition: revision, runningCount: running, rolloutState }];
    return { serviceName, desiredCount: desired, deployments: revision === "" ? [] : deployments };
  }
}
