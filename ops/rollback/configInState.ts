/** What the last update left of a stack, as far as a rollback has to know it, in the form in which config says it. Pure. */
import { z } from "../../components/contract/zod.ts";
import { latchName } from "../../infra/config/latch.ts";
import type { RawConfig } from "../../infra/config/layers.ts";
import { trafficNames } from "../../infra/config/physicalNames.ts";
import { colours, otherColour } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { State } from "../engine/state.ts";
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

type Named = Pick<StackConfig, "system" | "environment" | "aws">;

/** A service as the last complete update left it; undefined where none has. */
export function serviceInState(state: State, config: Named, service: string): ReleasedSettings | undefined {
  const { outputs } = state.resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
  const { data } = outputsOfStack.safeParse(outputs);
  const left = data?.release[service];
  const rule = data?.trafficRules[service];
  if (left === undefined || rule === undefined) return undefined;
  const { weights, images, capacity, rollbackTo: live } = left;
  const { rule: name } = trafficNames(config, config.aws.region, service);
  const bounds = namedIn(state, "aws:appautoscaling/target:Target", `${name}-${live}`)?.inputs;
  const minimum = Number(bounds?.minCapacity ?? 1);
  return {
    compute: rule.startsWith("arn:") ? "ecs" : "kubernetes",
    release: {
      ...{ live, candidateWeight: weights[otherColour(live)] },
      blue: { capacity: capacity.blue, image: images.blue === "" ? undefined : images.blue },
      green: { capacity: capacity.green, image: images.green === "" ? undefined : images.green },
    },
    // What nobody scales is asked for no tasks; of a cluster the autoscaler itself tells.
    scaling: { minimum, maximum: Number(bounds?.maxCapacity ?? minimum) },
  };
}

/** Services whose latch the stack itself made, as an alarm may roll them back. */
export function rolledBackByAlarm({ resources }: State, config: Named, service: string): Readonly<Record<string, unknown>> {
  const own = latchName({ ...config, autoRollback: { [service]: {} } }, service);
  return resources.some(({ type, outputs }) => type === "aws:ssm/parameter:Parameter" && outputs?.name === own) ? { [service]: {} } : {};
}
