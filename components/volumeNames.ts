/** Names of the scratch volumes behind writable paths, by what runs the containers. Paths have slashes, names have none. */
import type { ArgumentProblem } from "./contract/argumentProblem.ts";

/** What runs a service's containers. */
type Compute = "ecs" | "kubernetes";

const names: Readonly<Record<Compute, (path: string) => string>> = {
  ecs: (path) => path.replace(/^\//, "").replaceAll(/[^A-Za-z0-9_-]/g, "-"),
  // A label of the cluster: lower case, at most 63 characters.
  kubernetes: (path) => {
    const label = path.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    return `scratch${label.startsWith("-") ? "" : "-"}${label}`.replace(/-$/, "").slice(0, 63);
  },
};

/** Name of the volume behind a writable path. */
export function volumeName(compute: Compute, path: string): string {
  return names[compute](path);
}

/** Paths whose volume would have the name of an earlier one's, by their place in the list. */
export function sameVolumes(compute: Compute, paths: readonly string[]): { readonly index: number; readonly twin: string }[] {
  return paths.flatMap((path, index) => {
    const twin = paths.slice(0, index).find((other) => volumeName(compute, other) === volumeName(compute, path));
    return twin === undefined ? [] : [{ index, twin }];
  });
}

/** What a component says of such paths. */
export function writablePathProblems(compute: Compute, paths: readonly string[]): ArgumentProblem[] {
  return sameVolumes(compute, paths).map(({ index, twin }) => ({
    propertyPath: `writablePaths[${index}]`,
    reason: `is ${paths[index]}; give a path that differs from ${twin} by ${pathsDifferBy[compute]}`,
  }));
}

/** What two paths have to differ by, for people. */
export const pathsDifferBy: Readonly<Record<Compute, string>> = {
  ecs: "more than its slashes",
  kubernetes: "letters and digits, lower and upper case being the same",
};
