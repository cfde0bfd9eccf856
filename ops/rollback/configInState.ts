/** What the last update left of a stack, as far as a rollback has to know it, in the form in which config says it. Pure. */
import { z } from "../../components/contract/zod.ts";
import { latchName } from "../../infra/config/latch.ts";
import type { RawConfig } from "../../infra/config/layers.ts";
import { trafficNames } from "../../infra/config/physicalNames.ts";
import { colours, otherColour } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { State } from "../engine/state.ts";
import { autoscalerType } from "../release/clusterService.ts";
import type { ReleasedSettings } from "../release/releasedService.ts";
import { namedIn } from "../verify/places.ts";

const colour = z.enum(colours);
const byColour = <Of extends z.ZodType>(of: Of) => z.object({ blue: of, green: of });

/** Outputs of a stack. */
const outputsOfStack = z.object({
  release: z.record(
    z.string(),
    z.object({
      weights: byColour(z.number()),
      images: byColour(z.string()),
      capacity: byColour(z.enum(["full", "zero"])),
      rollbackTo: colour,
    }),
  ),
  trafficRules: z.record(z.string(), z.string()),
});

const tagsOfStack = z.object({ System: z.string(), Environment: z.string() });
/** The engine keeps a provider's lists as JSON: `["123456789012"]`. */
const accounts = z.string().regex(/^\["\d{12}"\]$/);
const awsProvider = z.object({ region: z.string(), allowedAccountIds: accounts });

/** Areas that every resource tells: who owns it, and where the stack is. Nothing of what the state does not have. */
export function areasInState({ resources }: State): RawConfig {
  const tagged = resources.map(({ outputs }) => tagsOfStack.safeParse(outputs?.tags).data).find((tags) => tags !== undefined);
  const provider = resources.map(({ type, inputs }) => (type === "pulumi:providers:aws" ? awsProvider.safeParse(inputs).data : undefined));
  const account = provider.find((one) => one !== undefined);
  return {
    ...(tagged === undefined ? {} : { system: tagged.System, environment: tagged.Environment }),
    ...(account === undefined ? {} : { aws: { accountId: account.allowedAccountIds.slice(2, -2), region: account.region } }),
  };
}

type Bounds = ReleasedSettings["scaling"];
const target = z.object({ minCapacity: z.number(), maxCapacity: z.number() });
const autoscaler = z.object({ spec: z.object({ minReplicas: z.number(), maxReplicas: z.number() }) });

type Named = Pick<StackConfig, "system" | "environment" | "aws">;

/** A service as the last complete update left it; undefined where none has. */
export function serviceInState(state: State, config: Named, service: string): ReleasedSettings | undefined {
  const { outputs } = state.resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
  const { data } = outputsOfStack.safeParse(outputs);
  const left = data?.release[service];
  const rule = data?.trafficRules[service];
  if (left === undefined || rule === undefined) return undefined;
  const { weights, images, capacity, rollbackTo: live } = left;
  const compute = rule.startsWith("arn:") ? ("ecs" as const) : ("kubernetes" as const);
  const scaling =
    compute === "ecs"
      ? boundsOfTasks(state, `${trafficNames(config, config.aws.region, service).rule}-${live}`)
      : boundsOfPods(state, `${rule.split("/")[0]}/${service}-${live}`);
  return {
    compute,
    release: {
      ...{ live, candidateWeight: weights[otherColour(live)] },
      blue: { capacity: capacity.blue, image: images.blue === "" ? undefined : images.blue },
      green: { capacity: capacity.green, image: images.green === "" ? undefined : images.green },
    },
    scaling: scaling ?? unscaled,
  };
}

/** What nobody scales is asked for no tasks. */
const unscaled: Bounds = { minimum: 1, maximum: 1 };

function boundsOfTasks(state: State, name: string): Bounds | undefined {
  const { data } = target.safeParse(namedIn(state, "aws:appautoscaling/target:Target", name)?.inputs);
  return data && { minimum: data.minCapacity, maximum: data.maxCapacity };
}

function boundsOfPods({ resources }: State, id: string): Bounds | undefined {
  const found = resources.find((one) => one.type === autoscalerType && one.id === id && one.delete !== true);
  const { data } = autoscaler.safeParse(found?.inputs);
  return data && { minimum: data.spec.minReplicas, maximum: data.spec.maxReplicas };
}

/** Services whose latch the stack itself made, as an alarm may roll them back. */
export function rolledBackByAlarm({ resources }: State, config: Named, service: string): Readonly<Record<string, unknown>> {
  const own = latchName({ ...config, autoRollback: { [service]: {} } }, service);
  return resources.some(({ type, outputs }) => type === "aws:ssm/parameter:Parameter" && outputs?.name === own) ? { [service]: {} } : {};
}
