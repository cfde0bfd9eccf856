/** Where users are sent: weights of blue and green, rules of the load balancer, routes of a cluster. */
import type { Change } from "../change.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { isList, type Json, type JsonObject, shortText, valueAt } from "../propertyValue.ts";
import { differenceAt, type StoryContext, storyOf, type Teller, type Told } from "../story.ts";

type Weights = Readonly<Record<string, number>>;

const ruleType = "aws:lb/listenerRule:ListenerRule";
const routeType = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const serviceType = "kubernetes:core/v1:Service";

/** Weights that move, and what a rule matches. */
export const trafficStories: Teller = {
  name: "traffic",
  judges: [
    { type: /^aws:lb\/listenerRule:/, path: /^(conditions|priority|actions\[\d+\]\.forward)\b/ },
    { type: /HTTPRoute$/, path: /^spec\.(hostnames|rules(\.[\w-]+|\[\d+\])(\.(matches|backendRefs|sessionPersistence)\b|$))/ },
    { type: /core\/v1:Service$/, path: /^spec\.selector\b/ },
  ],
  tell: (change, context) => {
    if (change.op === "create" || change.op === "delete") return comingStories(change, context);
    if (change.op !== "update") return [];
    if (change.type === serviceType) return selectorStories(change);
    if (!isRouted(change)) return [];
    return [...weightStories(change, context), ...movedStories(change, context), ...matchStories(change)];
  },
};

/** Hosts that another service's rule takes in the same update. */
function movedStories(change: Change, { changes }: StoryContext): Told[] {
  const lost = without(hostsIn(change.before), hostsIn(change.after));
  const from = serviceOf(change);
  return lost.flatMap((host) => {
    const taker = changes.find(
      (other) =>
        isRouted(other) && serviceOf(other) !== from && hostsIn(other.after).includes(host) && !hostsIn(other.before).includes(host),
    );
    return taker === undefined
      ? []
      : [storyOf(change, "traffic", phrase`requests of ${code(host)} go from ${from} to ${serviceOf(taker)}`)];
  });
}

function hostsIn(inputs: JsonObject): string[] {
  const conditions = listAt(inputs, ["conditions"]).flatMap((condition) => listAt(condition, ["hostHeader", "values"]));
  return [...conditions, ...listAt(inputs, ["spec", "hostnames"])].map((host) => shortText(host, 120));
}

function without(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((one) => !others.includes(one));
}

/** What a rule takes that is new, and what is nobody's any more when it goes. */
function comingStories(change: Change, { changes }: StoryContext): Told[] {
  if (!isRouted(change)) return [];
  const side = change.op === "create" ? change.after : change.before;
  const taken = matchesIn(side);
  const priority = side.priority === undefined ? "" : `, priority ${shortText(side.priority)}`;
  if (change.op === "create") return [storyOf(change, "traffic", phrase`rule ${code(change.name)} takes ${taken}${priority}`)];
  const kept = changes.some(
    ({ op, type, before, after }) => op === "create" && type === change.type && matchesIn(after) === matchesIn(before),
  );
  return [storyOf(change, kept ? "traffic" : "outage", phrase`rule ${code(change.name)} takes ${taken} no more`)];
}

/** Hosts and paths of a rule, in words. */
function matchesIn(inputs: JsonObject): string {
  const conditions = listAt(inputs, ["conditions"]).flatMap((condition) => [
    ...listAt(condition, ["hostHeader", "values"]),
    ...listAt(condition, ["pathPattern", "values"]),
  ]);
  const found = [...conditions, ...listAt(inputs, ["spec", "hostnames"])].map((one) => shortText(one, 80));
  return found.length === 0 ? "every request" : found.join(", ");
}

function isRouted({ type }: Change): boolean {
  return type === ruleType || type === routeType;
}

function weightStories(change: Change, { config }: StoryContext): Told[] {
  const [before, after] = [weightsIn(change.before), weightsIn(change.after)];
  const colours = Object.keys({ ...before, ...after }).sort();
  if (colours.every((colour) => before[colour] === after[colour])) return [];
  const service = serviceOf(change);
  const live = liveColour(config, service) ?? [...colours].sort((a, b) => (before[b] ?? 0) - (before[a] ?? 0))[0] ?? "";
  const candidate = colours.find((colour) => colour !== live) ?? live;
  const [from, to] = [before[candidate] ?? 0, after[candidate] ?? 0];
  const what = to === 0 && from > 0 ? "rolled back:" : "canary";
  return [storyOf(change, "traffic", phrase`${service} ${what} ${from} % → ${to} %`, candidateDetail(change, config, service, candidate))];
}

const weightPath = /^(?:actions\[\d+\]\.forward\.targetGroups|spec\.rules\b.*\.backendRefs)\b.*\.weight$/;

/** Whether a change set does nothing but give traffic of candidates back to the live colours. Pure. */
export function returnsTraffic(changes: readonly Change[], { config }: Pick<StoryContext, "config">): boolean {
  const returns = (change: Change): boolean => {
    const live = liveColour(config, serviceOf(change));
    if (live === undefined || change.op !== "update") return false;
    const [before, after] = [weightsIn(change.before), weightsIn(change.after)];
    if (isRouted(change)) return (after[live] ?? 0) > (before[live] ?? 0) && change.differences.every(({ path }) => weightPath.test(path));
    return (
      change.type === serviceType &&
      selectedIn(change.after) === live &&
      change.differences.every(({ path }) => path === "spec.selector.version")
    );
  };
  return changes.length > 0 && changes.every(returns);
}

function candidateDetail(change: Change, config: JsonObject, service: string, colour: string): Phrase {
  const { region } = change.after;
  const where = typeof region === "string" ? phrase`in ${region} ` : [];
  const image = valueAt(config, ["services", service, "release", colour, "image"]);
  return [...where, ...(typeof image === "string" ? phrase`(${colour}, ${code(shortDigest(image))})` : phrase`(${colour})`)];
}

/** `sha256:9c0e5b7d…`, enough to tell two images apart. */
export function shortDigest(image: string): string {
  return image.replace(/(sha256:[0-9a-f]{8})[0-9a-f]{56}/, "$1…");
}

function liveColour(config: JsonObject, service: string): string | undefined {
  const live = valueAt(config, ["services", service, "release", "live"]);
  return typeof live === "string" ? live : undefined;
}

function serviceOf({ after, before, name }: Change): string {
  const places = [
    ["tags", "Service"],
    ["metadata", "labels", "app.kubernetes.io/name"],
  ];
  const [service] = places.flatMap((place) => valueAt(after, place) ?? valueAt(before, place) ?? []);
  return typeof service === "string" ? service : name;
}

/** Weights by colour; by place where no colour can be read. */
function weightsIn(inputs: JsonObject): Weights {
  const groups = listAt(inputs, ["actions"]).flatMap((action) => listAt(action, ["forward", "targetGroups"]));
  const [everybody] = listAt(inputs, ["spec", "rules"]);
  return Object.fromEntries(
    [...groups, ...listAt(everybody, ["backendRefs"])].map((backend, index) => {
      const target = valueAt(backend, ["arn"]) ?? valueAt(backend, ["name"]);
      const colour = typeof target === "string" ? /-(blue|green)\b/.exec(target)?.[1] : undefined;
      const weight = valueAt(backend, ["weight"]);
      return [colour ?? (index === 0 ? "blue" : "green"), typeof weight === "number" ? weight : 1];
    }),
  );
}

function listAt(value: Json | undefined, path: readonly string[]): readonly Json[] {
  const found = valueAt(value, path);
  return isList(found) ? found : [];
}

function matchStories(change: Change): Told[] {
  const matched = change.differences.some(
    ({ path, note }) => /^(conditions|spec\.(hostnames|rules(\.\w+|\[\d+\])\.matches))/.test(path) && note !== "order",
  );
  const stickiness = change.differences.some(({ path }) => /\.forward\.stickiness|\.sessionPersistence/.test(path));
  const [from, to] = [matchesIn(change.before), matchesIn(change.after)];
  return [
    matched &&
      storyOf(
        change,
        "traffic",
        phrase`rule ${code(change.name)} answers other requests`,
        from === to ? phrase`not by host or path` : phrase`${from} → ${to}`,
      ),
    stickiness && storyOf(change, "traffic", phrase`rule ${code(change.name)} binds clients to a colour differently`),
    differenceAt(change, "priority") && storyOf(change, "traffic", phrase`rule ${code(change.name)} is asked at another place`),
  ];
}

/** The colour that a Service sends everybody to. */
function selectedIn(inputs: JsonObject): Json | undefined {
  return valueAt(inputs, ["spec", "selector", "version"]);
}

function selectorStories(change: Change): Told[] {
  const [from, to] = [change.before, change.after].map(selectedIn);
  if (typeof from !== "string" || typeof to !== "string" || from === to) return [];
  return [storyOf(change, "traffic", phrase`service ${code(change.name)}: all traffic from ${from} to ${to}`)];
}
