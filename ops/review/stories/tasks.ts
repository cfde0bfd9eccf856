/** What runs: images, size, settings and number of tasks. */
import type { Change } from "../change.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { isJsonObject, isList, type Json, type JsonObject, jsonIn, sameValue, shortText, unknownValue, valueAt } from "../propertyValue.ts";
import { differenceAt, storyOf, type Teller, type Told } from "../story.ts";
import { shortDigest } from "./traffic.ts";

/** What the next tasks are: definitions of ECS, workloads of a cluster. */
export const taskStories: Teller = (change) => {
  if (change.type === "aws:ecs/taskDefinition:TaskDefinition" && (change.op === "replace" || change.op === "update"))
    return definitionStories(change);
  return change.type === "kubernetes:apps/v1:Deployment" && change.op === "update" ? workloadStories(change) : [];
};

/** How many run: services and their scaling. */
export const capacityStories: Teller = (change) => {
  if (change.op !== "update") return [];
  if (change.type === "aws:appautoscaling/target:Target") return scalingStories(change);
  return change.type === "aws:ecs/service:Service" ? serviceStories(change) : [];
};

function definitionStories(change: Change): Told[] {
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
    const names = differingNames(was, container);
    return names.length === 0
      ? image
      : [...image, storyOf(change, "routine", phrase`tasks ${code(change.name)} restart one by one with other settings`, codeList(names))];
  });
}

/** Names in a row. */
export function codeList(names: readonly string[]): Phrase {
  return names.flatMap((name, index) => [index === 0 ? "" : ", ", code(name)]);
}

function imageText(image: Json | undefined): string {
  return shortDigest(shortText(image, 200).split("/").at(-1) ?? "");
}

/** Names of variables and secrets that are not the same; values stay unsaid. */
function differingNames(before: JsonObject, after: JsonObject): string[] {
  const entries = (side: JsonObject) =>
    new Map(["environment", "env", "secrets"].flatMap((key) => objectsIn(side[key])).map((entry) => [shortText(entry.name), entry]));
  const [was, is] = [entries(before), entries(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((name) => !sameValue(was.get(name), is.get(name))).sort();
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
        phrase`no downtime; the update waits until they are steady`,
      ),
  ];
}
