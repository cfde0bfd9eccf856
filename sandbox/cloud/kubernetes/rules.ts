/** What the API server of the sandbox refuses beyond the schema of each kind. */
import { isObject, listOf, type Properties, type Value, valueAt } from "../../provider/values.ts";
import { CloudError, onCreate, type Rule } from "../catalogue.ts";
import { fieldOwners } from "./fieldOwners.ts";
import { invalid, label, text } from "./names.ts";
import { type Check, goodBlocks, goodPaths, podChecks } from "./validation.ts";

/** Namespaces that every cluster has. */
const builtIn = ["default", "kube-system", "kube-public", "kube-node-lease"];
const namespaceType = "kubernetes:core/v1:Namespace";

const labelFromLetter = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const labelValue = /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;
const labelKey = /^(?:(?=[^/]{1,253}\/)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** The rules of each type. */
export function rulesOf(token: string): readonly Rule[] {
  const kind = kindOf(token);
  const shape = kind === "Service" ? labelFromLetter : kind === "Namespace" ? label : subdomain;
  const checks: Check[] = [goodName(kind, shape), goodLabels(kind), ...(own[kind] ?? [])];
  const enforce: Rule["enforce"] = (object) => {
    for (const check of checks) check(object);
  };
  return [
    ...onCreate(needsNamespace),
    ...onCreate(enforce),
    { on: "update", enforce },
    { on: "update", enforce: fieldOwners },
    ...(kind === "Namespace" ? [{ on: "delete", enforce: cascade } as const] : []),
  ];
}

const own: Readonly<Record<string, readonly Check[]>> = {
  Deployment: [selectsItsPods, mountsItsVolumes, ...podChecks],
  HTTPRoute: [goodPaths],
  NetworkPolicy: [goodBlocks],
  HorizontalPodAutoscaler: [scalesUpwards],
  PodDisruptionBudget: [oneBudget],
  Service: [namedPorts],
};

function needsNamespace({ metadata }: Properties, { store }: Parameters<Rule["enforce"]>[1]): void {
  const name = text(metadata, "namespace");
  if (name === "" || builtIn.includes(name) || store.all(namespaceType).some(({ id }) => id === name)) return;
  throw new CloudError("NotFound", `namespaces "${name}" not found`);
}

/** A namespace takes everything in it along. */
function cascade({ metadata }: Properties, { store, place }: Parameters<Rule["enforce"]>[1]): void {
  const name = text(metadata, "name");
  for (const object of store.all())
    if (
      object.type.startsWith("kubernetes:") &&
      object.scope.startsWith(place.account) &&
      text(object.properties.metadata, "namespace") === name
    )
      store.delete(object);
}

function goodName(kind: string, shape: RegExp): Check {
  return ({ metadata }) => {
    const name = text(metadata, "name");
    const rule =
      shape === subdomain
        ? "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
        : `a lowercase RFC ${shape === label ? "1123" : "1035"} label of at most 63 characters is required`;
    if (!shape.test(name)) throw invalid(kind, name, `metadata.name: Invalid value: "${name}": ${rule}`);
  };
}

function goodLabels(kind: string): Check {
  return ({ metadata }) => {
    const labels = isObject(metadata) && isObject(metadata.labels) ? metadata.labels : {};
    for (const [key, value] of Object.entries(labels)) {
      if (!labelKey.test(key))
        throw invalid(
          kind,
          text(metadata, "name"),
          `metadata.labels: Invalid value: "${key}": name part must consist of alphanumeric characters, '-', '_' or '.'`,
        );
      if (!labelValue.test(String(value)))
        throw invalid(
          kind,
          text(metadata, "name"),
          `metadata.labels: Invalid value: "${String(value)}": a valid label must be an empty string or consist of at most 63 alphanumeric characters, '-', '_' or '.'`,
        );
    }
  };
}

function selectsItsPods({ spec, metadata }: Properties): void {
  const selector = at(spec, "selector", "matchLabels");
  const labels = at(spec, "template", "metadata", "labels");
  const pods = isObject(labels) ? labels : {};
  const selected =
    isObject(selector) && Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => pods[key] === value);
  if (!selected)
    throw invalid("Deployment", text(metadata, "name"), "spec.template.metadata.labels: `selector` does not match template `labels`");
}

function mountsItsVolumes({ spec, metadata }: Properties): void {
  const names = new Set(listOf(at(spec, "template", "spec", "volumes")).map((volume) => text(volume, "name")));
  for (const [index, container] of listOf(at(spec, "template", "spec", "containers")).entries())
    for (const [place, mount] of listOf(at(container, "volumeMounts")).entries())
      if (!names.has(text(mount, "name")))
        throw invalid(
          "Deployment",
          text(metadata, "name"),
          `spec.template.spec.containers[${index}].volumeMounts[${place}].name: Not found: "${text(mount, "name")}"`,
        );
}

function scalesUpwards({ spec, metadata }: Properties): void {
  const [least, most] = [Number(at(spec, "minReplicas") ?? 1), Number(at(spec, "maxReplicas"))];
  if (least < 1)
    throw invalid(
      "HorizontalPodAutoscaler",
      text(metadata, "name"),
      `spec.minReplicas: Invalid value: ${least}: must be greater than or equal to 1`,
    );
  if (most < least)
    throw invalid(
      "HorizontalPodAutoscaler",
      text(metadata, "name"),
      `spec.maxReplicas: Invalid value: ${most}: must be greater than or equal to \`minReplicas\``,
    );
}

function oneBudget({ spec, metadata }: Properties): void {
  if (at(spec, "minAvailable") === undefined || at(spec, "maxUnavailable") === undefined) return;
  throw invalid("PodDisruptionBudget", text(metadata, "name"), "spec: Invalid value: minAvailable and maxUnavailable cannot be both set");
}

function namedPorts({ spec, metadata }: Properties): void {
  const ports = listOf(at(spec, "ports"));
  if (ports.length === 0 && at(spec, "clusterIP") !== "None")
    throw invalid("Service", text(metadata, "name"), "spec.ports: Required value");
  for (const [index, port] of ports.entries()) {
    const number = Number(at(port, "port"));
    if (!Number.isInteger(number) || number < 1 || number > 65_535)
      throw invalid(
        "Service",
        text(metadata, "name"),
        `spec.ports[${index}].port: Invalid value: ${number}: must be between 1 and 65535, inclusive`,
      );
    if (ports.length > 1 && text(port, "name") === "")
      throw invalid("Service", text(metadata, "name"), `spec.ports[${index}].name: Required value`);
  }
}

function kindOf(token: string): string {
  return token.split(":").at(-1) ?? "";
}

function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return valueAt(value, path);
}
