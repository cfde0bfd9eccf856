/** The few calls of AWS that the function makes, each retried when AWS throttles. */
import { setTimeout as pause } from "node:timers/promises";
import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { itemKey, itemPut, recordIn } from "./release.mjs";

/**
 * @typedef {import("../../colours.ts").Colour} Colour
 * @typedef {import("./decision.mjs").Latch} Latch
 * @typedef {import("./decision.mjs").Bounds & { readonly serviceArn: string }} Receiver The live colour's service on ECS.
 * @typedef {import("./decision.mjs").Weights} Weights
 * @typedef {import("../../release/recordContract.ts").ReleaseRecord} ReleaseRecord
 *
 * @typedef {object} Settings Everything that the function knows beforehand: its environment.
 * @property {string} stack
 * @property {string} service
 * @property {string} ruleArn
 * @property {Readonly<Record<Colour, string>>} targetGroups
 * @property {Colour} live
 * @property {Receiver} [receiver]
 * @property {boolean} candidateOpen
 * @property {"rollBack" | "hold"} action
 * @property {string} latch Name of the parameter.
 * @property {string} topicArn
 * @property {{ readonly table: string, readonly retainOldMinutes: number }} [records] Where the service's release record is kept.
 *
 * @typedef {{ readonly weights: Weights, readonly sticky: boolean }} Rule
 */

// Waits double from half a second when AWS throttles: eight tries take about half a minute at worst.
const patience = { maxAttempts: 8, retryMode: "standard", requestHandler: { connectionTimeout: 2000, requestTimeout: 4000 } };

/** Milliseconds that asking for tasks, or the release record, may take, in one try: traffic moves however that ends. */
const askMilliseconds = 1000;
const once = { maxAttempts: 1 };

/** Calls of one service's function. */
export class Cloud {
  #balancer = new ElasticLoadBalancingV2Client(patience);
  #parameters = new SSMClient(patience);
  #topics = new SNSClient(patience);
  #settings;

  /** @param {Settings} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  /** @returns {Promise<Rule>} the rule as the load balancer has it now */
  async rule() {
    const { ruleArn, targetGroups } = this.#settings;
    const { Rules = [] } = await this.#balancer.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
    const forward = Rules[0]?.Actions?.find(({ ForwardConfig }) => ForwardConfig !== undefined)?.ForwardConfig;
    if (forward === undefined) throw new Error(`${ruleArn} forwards nothing by weight`);
    const weightOf = (/** @type {Colour} */ colour) =>
      forward.TargetGroups?.find(({ TargetGroupArn }) => TargetGroupArn === targetGroups[colour])?.Weight ?? 0;
    return { weights: { blue: weightOf("blue"), green: weightOf("green") }, sticky: forward.TargetGroupStickinessConfig?.Enabled === true };
  }

  /** @param {{ TargetGroupArn: string, Weight: number }[]} targets */
  async forwardTo(targets) {
    const forward = { TargetGroups: targets, TargetGroupStickinessConfig: { Enabled: false } };
    await this.#balancer.send(
      new ModifyRuleCommand({ RuleArn: this.#settings.ruleArn, Actions: [{ Type: "forward", ForwardConfig: forward }] }),
    );
  }

  /** @returns {Promise<Readonly<Record<Colour, number>>>} healthy targets by colour */
  async healthy() {
    const count = async (/** @type {Colour} */ colour) => {
      const asked = new DescribeTargetHealthCommand({ TargetGroupArn: this.#settings.targetGroups[colour] });
      const { TargetHealthDescriptions = [] } = await this.#balancer.send(asked);
      return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length;
    };
    const [blue, green] = await Promise.all([count("blue"), count("green")]);
    return { blue, green };
  }

  /**
   * Asks for tasks, and does not wait for them.
   * @param {Receiver} receiver
   * @param {number} tasks
   * @returns {Promise<string[]>} what was refused, or not answered in time
   */
  async askForTasks({ serviceArn }, tasks) {
    const ResourceId = serviceArn.split(":").at(-1) ?? "";
    const [, cluster, service] = ResourceId.split("/");
    const pinned = new RegisterScalableTargetCommand({
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId,
      MinCapacity: tasks,
    });
    const inTime = { abortSignal: AbortSignal.timeout(askMilliseconds) };
    const asked = await Promise.allSettled([
      new ApplicationAutoScalingClient(once).send(pinned, inTime),
      new ECSClient(once).send(new UpdateServiceCommand({ cluster, service, desiredCount: tasks }), inTime),
    ]);
    return asked.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  }

  /** @returns {Promise<Latch | undefined>} undefined when it is clear */
  async latch() {
    const { Parameter } = await this.#parameters.send(new GetParameterCommand({ Name: this.#settings.latch }));
    const value = JSON.parse(Parameter?.Value ?? "{}");
    return value.state === "set" ? value : undefined;
  }

  /** @param {Latch} latch */
  async setLatch(latch) {
    const Value = JSON.stringify(latch);
    await this.#parameters.send(new PutParameterCommand({ Name: this.#settings.latch, Value, Type: "String", Overwrite: true }));
  }

  /**
   * @param {string} table
   * @returns {Promise<ReleaseRecord | undefined>} undefined where nobody has written one yet
   * @throws Error when it does not answer in time, and SyntaxError when it cannot be understood
   */
  async record(table) {
    const asked = new GetItemCommand({ TableName: table, Key: itemKey(this.#settings.service), ConsistentRead: true });
    const { Item } = await new DynamoDBClient(once).send(asked, { abortSignal: AbortSignal.timeout(askMilliseconds) });
    return Item === undefined ? undefined : /** @type {ReleaseRecord} */ (recordIn(Item));
  }

  /**
   * @param {string} table
   * @param {ReleaseRecord} record takes the place of the version before it
   * @throws ConditionalCheckFailedException when that is not what is there
   */
  async putRecord(table, record) {
    const put = new PutItemCommand(itemPut(table, record));
    await new DynamoDBClient(once).send(put, { abortSignal: AbortSignal.timeout(askMilliseconds) });
  }

  /** @param {number} milliseconds */
  async wait(milliseconds) {
    await pause(milliseconds);
  }

  /** @param {{ Subject: string, Message: string }} text */
  async tell(text) {
    await this.#topics.send(new PublishCommand({ TopicArn: this.#settings.topicArn, ...text }));
  }
}
