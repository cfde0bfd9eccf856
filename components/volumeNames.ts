/** Names of the scratch volumes behind writable paths, by what runs the containers. Paths have slashes, names have none. */
import { type BrokenRule, broken } from "./contract/rule.ts";

/** What can run a service's containers. */
export const computes = ["ecs", "kubernetes"] as const;
export type Compute = (typeof computes)[number];

const names: Readonly<Record<Compute, (path: string) => string>> = {
  ecs: (path) => path.replace(/^\//, "").replaceAll(/[^A-Za-z0-9_-]/g, "-"),
  // A label of the cluster: lower case, at most 63 characters.
  kubernetes: (path) => {
    const label = path.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    return `scratch${label.startsWith("-") ? "" : "-"}${label}`.slice(0, 63).replace(/-+$/, "");
  },
};

/** Name of the volume behind a writable path. */
export function volumeName(compute: Compute, path: string): string {
  return names[compute](path);
}

/** Paths whose volume would have the name of an earlier one's. */
export function volumesApart(compute: Compute, writablePaths: readonly string[]): BrokenRule[] {
  return writablePaths.flatMap((path, index) => {
    const twin = writablePaths.slice(0, index).find((other) => volumeName(compute, other) === volumeName(compute, path));
    if (twin === undefined) return [];
    return broken({
      path: ["writablePaths", index],
      found: `is ${JSON.stringify(path)}, whose volume would have the name of that of ${twin}`,
      allowed: `a path that differs by ${differBy[compute]}`,
    });
  });
}

const differBy: Readonly<Record<Compute, string>> = {
  ecs: "more than its slashes",
  kubernetes: "letters and digits, lower and upper case being the same",
};
