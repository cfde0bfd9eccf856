/** What incidents change in the simulated cloud behind the engine's back, and what they read of it. */
import { join } from "node:path";
import type { Colour } from "../../components/colours.ts";
import { runningTasks, scaleTasks, serviceType } from "../../sandbox/cloud/aws/tasks.ts";
import type { LiveObject } from "../../sandbox/cloud/liveStore.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import type { StackUnderTest } from "../harness/stack.ts";

export const storeOf = (stack: StackUnderTest) => openLiveStore(join(stack.folder, ".slipway"));

/** The one live object of a type whose URN ends so, of the stack's own region where others have one too. @throws Error when there is none */
export function objectOf(stack: StackUnderTest, type: string, ending: string): LiveObject {
  const all = stack.live(type).filter(({ createdFor }) => createdFor.endsWith(ending));
  const found = all.find(({ scope }) => scope.endsWith("/us-east-1")) ?? all[0];
  if (found === undefined) throw new Error(`there is no ${type} made for …${ending} in ${stack.stack}`);
  return found;
}

/** The ECS service of a colour. */
export const serviceOf = (stack: StackUnderTest, service: string, colour: Colour) => objectOf(stack, serviceType, `-${service}-${colour}`);

/** Tasks of a colour that run. */
export const running = (stack: StackUnderTest, service: string, colour: Colour) =>
  runningTasks(storeOf(stack), serviceOf(stack, service, colour));

/** A colour runs so many tasks from now on. */
export function runTasks(stack: StackUnderTest, service: string, colour: Colour, tasks: number): void {
  scaleTasks(storeOf(stack), serviceOf(stack, service, colour), tasks);
}

/** Weights of a service's rule by colour, a group that the rule does not name at 0. */
export function weightsOf(stack: StackUnderTest, service: string): Record<Colour, number> {
  const forward = forwardOf(stack, service);
  const share = (colour: Colour) => forward.find(({ arn }) => arn === groupArn(stack, service, colour))?.weight ?? 0;
  return { blue: share("blue"), green: share("green") };
}

/** Clients that stick to a target group of the rule, at whatever weight. */
export function stickTo(stack: StackUnderTest, service: string, colour: Colour): boolean {
  const [action] = ruleOf(stack, service).properties.actions as unknown as { forward: { stickiness?: { enabled?: boolean } } }[];
  return (
    action?.forward.stickiness?.enabled === true && forwardOf(stack, service).some(({ arn }) => arn === groupArn(stack, service, colour))
  );
}

/** Turns weights as somebody does in the console. */
export function turn(stack: StackUnderTest, service: string, weights: Record<Colour, number>): void {
  stack.edit(ruleOf(stack, service), (properties) => {
    const [action] = properties.actions as unknown as { forward: { targetGroups: { arn: string; weight: number }[] } }[];
    if (action === undefined) throw new Error(`the rule of ${service} forwards nothing`);
    action.forward.targetGroups = [
      { arn: groupArn(stack, service, "blue"), weight: weights.blue },
      { arn: groupArn(stack, service, "green"), weight: weights.green },
    ];
  });
}

/** Every share of a service's traffic goes to a colour that runs, and to none that fails. */
export function served(stack: StackUnderTest, service: string, failing: readonly Colour[] = []): boolean {
  const weights = weightsOf(stack, service);
  return (["blue", "green"] as const).every(
    (colour) => weights[colour] === 0 || (running(stack, service, colour) > 0 && !failing.includes(colour)),
  );
}

/** Traffic on a colour without a task that was not there before is worse than the incident. */
export function onDeadColour(stack: StackUnderTest, service: string): string | undefined {
  const weights = weightsOf(stack, service);
  const dead = (["blue", "green"] as const).find((colour) => weights[colour] === 100 && running(stack, service, colour) === 0);
  return dead === undefined ? undefined : `everybody is on ${dead}, which runs no task`;
}

/** Runs an update that has to go well: what was there before the fault. */
export async function updated(stack: StackUnderTest, edits: Readonly<Record<string, unknown>>): Promise<void> {
  stack.set(edits);
  const { exitCode, stdout, stderr } = await stack.up();
  if (exitCode !== 0) throw new Error(`what is there before the incident cannot be made:\n${stdout}\n${stderr}`);
}

/** An alarm of the stack rings, with all that follows. */
export async function ring(stack: StackUnderTest, name: string): Promise<void> {
  const { exitCode, stdout, stderr } = await stack.slipway("sandbox", "alarm", "set", name, "ALARM", "--stack", stack.stack);
  if (exitCode !== 0) throw new Error(`${name} does not ring: ${stdout}${stderr}`);
}

const ruleType = "aws:lb/listenerRule:ListenerRule";
const ruleOf = (stack: StackUnderTest, service: string) => objectOf(stack, ruleType, `-${service}`);
/** Target group of a colour: the one that its tasks register in. */
function groupArn(stack: StackUnderTest, service: string, colour: Colour): string {
  const [group] = serviceOf(stack, service, colour).properties.loadBalancers as unknown as { targetGroupArn: string }[];
  if (group === undefined) throw new Error(`${service} ${colour} is behind no load balancer`);
  return group.targetGroupArn;
}

function forwardOf(stack: StackUnderTest, service: string): { readonly arn: string; readonly weight: number }[] {
  const actions = ruleOf(stack, service).properties.actions as unknown as {
    forward?: { targetGroups: { arn: string; weight: number }[] };
    targetGroupArn?: string;
  }[];
  return actions.flatMap(({ forward, targetGroupArn = "" }) => forward?.targetGroups ?? [{ arn: targetGroupArn, weight: 100 }]);
}
