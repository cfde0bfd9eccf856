/** What a service on Kubernetes cannot be made from. */

import { colours } from "../colours.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import { volumesApart } from "../volumeNames.ts";
import { isRoutablePath } from "./routeRules.ts";
import type { ServiceArgs } from "./serviceArgs.ts";

/** Longest name: the colour and the word `service` are added, and the whole is a DNS label. */
const nameLimit = 55;

/** Everything wrong with plain arguments. */
export function serviceProblems(args: ServiceArgs): ArgumentProblem[] {
  const weight = args.candidateWeight ?? 0;
  const problems = [
    ...outsideRange("candidateWeight", weight, 0, 100, "percent"),
    ...outsideRange("port", args.port, 1, 65_535, "TCP port"),
    ...outsideRange("drainSeconds", args.drainSeconds ?? 30, 0, 3600, "seconds"),
    ...outsideRange("cpu", args.cpu, 1, 131_072, "CPU units"),
    ...outsideRange("memory", args.memory, 4, 1_048_576, "MiB"),
    ...outsideRange("scratchSpace", args.scratchSpace ?? 1024, 1, 1_048_576, "MiB"),
    ...outsideRange("scaling.minimum", args.scaling.minimum, 1, 1000, "pods"),
    ...outsideRange("scaling.maximum", args.scaling.maximum, Math.max(1, args.scaling.minimum), 1000, "pods, at least the minimum"),
  ];
  const refuse = (propertyPath: string, reason: string) => problems.push({ propertyPath, reason });
  // A Service's name is the strictest of all: it has to begin with a letter.
  if (!/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(args.service) || args.service.length > nameLimit)
    refuse("service", `is ${args.service}; give lower-case letters, digits and hyphens, a letter first, at most ${nameLimit}`);
  if (args.switchBy === "selector" && weight !== 0 && weight !== 100)
    refuse("candidateWeight", `is ${weight}; a selector cannot split traffic, give 0 or 100, or switch by weights`);
  if (args.hosts.length === 0 || args.hosts.length > 16) refuse("hosts", `has ${args.hosts.length} names; give 1 to 16`);
  for (const [index, path] of (args.paths ?? []).entries())
    if (!isRoutablePath(path)) refuse(`paths[${index}]`, `is ${path}; give an exact path, or one that ends in /*`);
  const user = args.user ?? "1000:1000";
  if (!/^[1-9]\d*(:[1-9]\d*)?$/.test(user)) refuse("user", `is ${user}; give a numeric user and group that are not root`);
  if (Object.keys(args.secrets ?? {}).length > 0 && args.secretStores === undefined)
    refuse("secretStores", "is missing; name the cluster's secret stores, or give no secrets");
  for (const { path, found, allowed } of volumesApart("kubernetes", args.writablePaths ?? []))
    refuse(`${path[0]}[${path[1]}]`, `${found}; give ${allowed}`);
  for (const colour of colours) {
    const { image, minimumTasks } = args.colours[colour];
    if (image !== undefined && !/^sha256:[0-9a-f]{64}$/.test(image))
      refuse(`colours.${colour}.image`, `is ${image}; give a digest, sha256: and 64 hexadecimal digits`);
    if (minimumTasks !== undefined && minimumTasks > args.scaling.maximum)
      refuse(`colours.${colour}.minimumTasks`, `is ${minimumTasks}; give at most the maximum ${args.scaling.maximum}`);
  }
  return problems;
}
