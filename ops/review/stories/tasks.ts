/** What runs: images, size, settings and number of tasks. */
import type { Change } from "../change.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { isJsonObject, isList, type Json, type JsonObject, jsonIn, sameValue, shortText, unknownValue, valueAt } from "../propertyValue.ts";
import { differenceAt, storyOf, type Teller, type Told } from "../story.ts";
import { shortDigest } from "./traffic.ts";

/** Properties of a container that are told, or that only mark it. */
const judged =
  "image|environment|env|secrets|command|entryPoint|args|privileged|user|readonlyRootFilesystem|linuxParameters|securityContext|dockerLabels|name|essential|stopTimeout";

/** Properties of a container that say what it may do on the machine that it runs on. */
const rights = ["privileged", "user", "readonlyRootFilesystem", "linuxParameters", "securityContext"];

/** What the next tasks are: definitions of ECS, workloads of a cluster. */
export const taskStories: Teller = {
  name: "tasks",
  judges: [
    { type: /^aws:ecs\/taskDefinition:/, path: new RegExp(`^(cpu|memory|containerDefinitions(\\.[^.]+(\\.(${judged}).*)?)?)$`) },
    {
      type: /^kubernetes:apps\/v1:Deployment$/,
      path: new RegExp(`^spec\\.(replicas$|template\\.spec\\.containers\\.[^.]+(\\.(${judged})|$))`),
    },
  ],
  tell: (change) => {
    if (change.type === "aws:ecs/taskDefinition:TaskDefinition")
      return change.op === "create" ? [newStory(change)] : definitionStories(change);
    return change.type === "kubernetes:apps/v1:Deployment" && change.op === "update" ? workloadStories(change) : [];
  },
};

/** How many run: services and their scaling. */
export const capacityStories: Teller = {
  name: "capacity",
  judges: [
    { type: /^aws:appautoscaling\/target:/, path: /^(min|max)Capacity$/ },
    { type: /^aws:ecs\/service:/, path: /^(desiredCount|deploymentMinimumHealthyPercent|taskDefinition)$/, silence: true },
  ],
  tell: (change) => {
    if (change.op !== "update") return [];
    if (change.type === "aws:appautoscaling/target:Target") return scalingStories(change);
    return change.type === "aws:ecs/service:Service" ? serviceStories(change) : [];
  },
};

function newStory(change: Change): Told {
  const images = containersIn(change.after.containerDefinitions).map(({ image }) => imageText(image));
  return storyOf(change, "routine", phrase`tasks ${code(change.name)} are new`, images.length === 0 ? undefined : codeList(images));
}

function definitionStories(change: Change): Told[] {
  if (change.op !== "replace" && change.op !== "update") return [];
  const size = ["cpu", "memory"].flatMap((path) => {
    const found = differenceAt(change, path);
    return found === undefined
      ? []
      : [storyOf(change, "routine", phrase`tasks ${code(change.name)}: ${path} ${shortText(found.before)} → ${shortText(found.after)}`)];
  });
  const { containerDefinitions: before } = change.before;
  const { containerDefinitions: after } = change.after;
  if (after === unknownValue)
    return [...size, storyOf(change, "routine", phrase`tasks ${code(change.name)} start with settings that are known after the update`)];
  return [...size, ...containerStories(change, containersIn(before), containersIn(after))];
}

function workloadStories(change: Change): Told[] {
  const path = ["spec", "template", "spec", "containers"];
  const pods = differenceAt(change, "spec.replicas");
  return [
    pods && storyOf(change, "routine", phrase`capacity of ${code(change.name)} ${shortText(pods.before)} → ${shortText(pods.after)} pods`),
    ...containerStories(change, containersIn(valueAt(change.before, path)), containersIn(valueAt(change.after, path))),
  ];
}

function containerStories(change: Change, before: readonly JsonObject[], after: readonly JsonObject[]): Told[] {
  return after.flatMap((container) => {
    const was = before.find(({ name }) => name === container.name);
    if (was === undefined)
      return [storyOf(change, "routine", phrase`tasks ${code(change.name)} get a container ${code(shortText(container.name))}`)];
    const image = sameValue(was.image, container.image)
      ? []
      : [
          storyOf(
            change,
            "routine",
            phrase`image of ${code(change.name)} changes`,
            phrase`${code(imageText(was.image))} → ${code(imageText(container.image))}`,
          ),
        ];
    return [...image, ...startStories(change, was, container), ...settingStories(change, was, container)];
  });
}

/** How it starts, and what it may do then. */
function startStories(change: Change, was: JsonObject, is: JsonObject): Told[] {
  const differ = (keys: readonly string[]) => keys.filter((key) => !sameValue(was[key], is[key]));
  const started = differ(["command", "entryPoint", "args"]);
  const allowed = differ(rights);
  const sides = (key: string) => phrase`${code(shortText(was[key], 100))} → ${code(shortText(is[key], 100))}`;
  return [
    ...started.map((key) => storyOf(change, "traffic", phrase`tasks ${code(change.name)} start with another ${key}`, sides(key))),
    allowed.length > 0 &&
      storyOf(
        change,
        "exposure",
        phrase`tasks ${code(change.name)} run with other rights`,
        allowed.flatMap((key, index) => [...(index === 0 ? [] : [", "]), ...phrase`${code(key)} `, ...sides(key)]),
      ),
  ];
}

function settingStories(change: Change, was: JsonObject, is: JsonObject): Told[] {
  const [before, after] = [settingsIn(was), settingsIn(is)];
  const names = (some: Iterable<string>, wanted: (name: string) => boolean) => [...some].filter(wanted).sort();
  const gone = names(before.keys(), (name) => !after.has(name));
  const made = names(after.keys(), (name) => !before.has(name));
  const other = names(after.keys(), (name) => before.has(name) && !sameValue(before.get(name), after.get(name)));
  const restart = [
    ...(made.length > 0 ? [...phrase`new: `, ...codeList(made)] : []),
    ...(other.length > 0 ? [made.length > 0 ? "; other: " : "other: ", ...codeList(other)] : []),
  ];
  return [
    gone.length > 0 && storyOf(change, "guard", [...phrase`tasks ${code(change.name)} start without `, ...codeList(gone)]),
    restart.length > 0 && storyOf(change, "routine", phrase`tasks ${code(change.name)} restart one by one with other settings`, restart),
  ];
}

/** Names in a row. */
export function codeList(names: readonly string[]): Phrase {
  return names.flatMap((name, index) => [index === 0 ? "" : ", ", code(name)]);
}

function imageText(image: Json | undefined): string {
  return shortDigest(shortText(image, 200).split("/").at(-1) ?? "");
}

/** Variables and secrets of a container by name; values stay unsaid. */
function settingsIn(container: JsonObject): ReadonlyMap<string, JsonObject> {
  return new Map(
    ["environment", "env", "secrets"].flatMap((key) => objectsIn(container[key])).map((entry) => [shortText(entry.name), entry]),
  );
}

function containersIn(value: Json | undefined): readonly JsonObject[] {
  return objectsIn(jsonIn(value) ?? value);
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isJsonObject) : [];
}

function scalingStories(change: Change): Told[] {
  const ends = [differenceAt(change, "minCapacity"), differenceAt(change, "maxCapacity")].filter((one) => one !== undefined);
  if (ends.length === 0) return [];
  const range = (side: JsonObject) => `${shortText(side.minCapacity)}–${shortText(side.maxCapacity)}`;
  const less = ends.some(({ before, after }) => typeof before === "number" && typeof after === "number" && after < before);
  return [
    storyOf(
      change,
      less ? "guard" : "routine",
      phrase`capacity of ${code(change.name)} ${range(change.before)} → ${range(change.after)} tasks`,
    ),
  ];
}

function serviceStories(change: Change): Told[] {
  const count = differenceAt(change, "desiredCount");
  const healthy = differenceAt(change, "deploymentMinimumHealthyPercent");
  const definition = differenceAt(change, "taskDefinition");
  return [
    count &&
      storyOf(
        change,
        count.after === 0 ? "guard" : "routine",
        phrase`${code(change.name)} runs ${shortText(count.before)} → ${shortText(count.after)} tasks`,
      ),
    healthy !== undefined &&
      Number(healthy.after) < Number(healthy.before) &&
      storyOf(
        change,
        "guard",
        phrase`${code(change.name)} keeps fewer tasks while it deploys: ${shortText(healthy.before)} % → ${shortText(healthy.after)} %`,
      ),
    definition &&
      storyOf(
        change,
        "routine",
        phrase`tasks of ${code(change.name)} are replaced one by one`,
        phrase`the update waits until they are steady`,
      ),
  ];
}
