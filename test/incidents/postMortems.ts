/** Incidents of others, from their public post-mortems: each with another cause and another kind of resource than those that were walked here. */
import type { Edits } from "../harness/config.ts";
import { onlyApi, watchedRelease } from "../harness/smallStacks.ts";
import type { StackUnderTest } from "../harness/stack.ts";
import { running, runTasks, storeOf } from "./cloud.ts";
import type { Incident } from "./incident.ts";

const alone: Edits = { ...watchedRelease, ...onlyApi, autoRollback: undefined };
const api = "coinestate-staging-use1-api";
const serving = (stack: StackUnderTest) => running(stack, "api", "blue") > 0;

export const postMortems: readonly Incident[] = [
  {
    id: "P1",
    what: "an autoscaler was told a wrong minimum, and ended every task (Reddit, August 2016)",
    stack: { name: "staging", edits: alone },
    fault: (stack) => {
      for (const target of stack.live("aws:appautoscaling/target:Target").filter(({ createdFor }) => createdFor.endsWith("-api-blue")))
        stack.edit(target, (properties) => {
          properties.minCapacity = 0;
          properties.maxCapacity = 0;
        });
      runTasks(stack, "api", "blue", 0);
    },
    known: /blue.*(0 (of|healthy)|no healthy|runs no)/i,
    served: serving,
    clean: (stack) => serving(stack) && minimum(stack) > 0,
  },
  {
    id: "P2",
    what: "the route out of the network was withdrawn by a maintenance command (Facebook, October 2021)",
    stack: { name: "staging", edits: alone },
    fault: (stack) => {
      for (const route of stack.live(routeType).filter(({ properties }) => properties.natGatewayId)) storeOf(stack).delete(route);
      runTasks(stack, "api", "blue", 0);
      runTasks(stack, "api", "blue", 1);
    },
    known: /i\/o timeout|route|network/i,
    served: serving,
    clean: (stack) => serving(stack) && stack.live(routeType).some(({ properties }) => properties.natGatewayId),
  },
  {
    id: "P3",
    what: "what tasks are made of was unpublished while they ran (npm's left-pad, March 2016): the image is gone, tasks stop",
    stack: { name: "staging", edits: alone },
    fault: (stack) => {
      for (const image of storeOf(stack).all("aws:ecr/image:Image")) storeOf(stack).delete(image);
      runTasks(stack, "api", "blue", 0);
      runTasks(stack, "api", "blue", 1);
    },
    known: /CannotPullContainer|image/i,
    served: serving,
    clean: serving,
  },
  {
    id: "P4",
    what: "a script that cleans up deletes a value that tasks read when they start",
    stack: { name: "staging", edits: alone },
    fault: (stack) => {
      for (const value of stack.live("aws:ssm/parameter:Parameter").filter(({ id }) => id.includes("jwt"))) storeOf(stack).delete(value);
      runTasks(stack, "api", "blue", 0);
      runTasks(stack, "api", "blue", 1);
    },
    known: /jwt/,
    served: serving,
    clean: serving,
  },
  {
    id: "P5",
    what: "a listener was deleted by hand, and every connection is refused",
    stack: { name: "staging", edits: alone },
    fault: (stack) => {
      for (const listener of stack.live(listenerType).filter(({ properties }) => Number(properties.port) === 443))
        storeOf(stack).delete(listener);
      for (const rule of stack.live("aws:lb/listenerRule:ListenerRule")) storeOf(stack).delete(rule);
    },
    known: /listener|rule/i,
    served: (stack) => stack.live(listenerType).some(({ properties }) => Number(properties.port) === 443),
    clean: (stack) => stack.live("aws:lb/listenerRule:ListenerRule").some(({ createdFor }) => createdFor.endsWith(api)),
  },
];

const routeType = "aws:ec2/route:Route";
const listenerType = "aws:lb/listener:Listener";

function minimum(stack: StackUnderTest): number {
  const targets = stack.live("aws:appautoscaling/target:Target").filter(({ createdFor }) => createdFor.endsWith("-api-blue"));
  return Math.min(...targets.map(({ properties }) => Number(properties.minCapacity)));
}
