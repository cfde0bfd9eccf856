/** The ClusterRole that docs/components/kubernetes.md gives to the user of a cluster. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface ClusterRole {
  readonly apiVersion: string;
  readonly kind: "ClusterRole";
  readonly metadata: { readonly name: string };
  readonly rules: readonly Readonly<Record<"apiGroups" | "resources" | "verbs", readonly string[]>>[];
}

/** @throws Error when the page has none, or several */
export function documentedRole(): ClusterRole {
  const page = readFileSync(join(import.meta.dirname, "../../docs/components/kubernetes.md"), "utf8");
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""]) => parse(yaml) as { readonly kind?: string });
  const [role, ...others] = blocks.filter(({ kind }) => kind === "ClusterRole");
  if (role === undefined || others.length > 0)
    throw new Error(`docs/components/kubernetes.md has ${others.length + (role ? 1 : 0)} ClusterRoles`);
  return role as ClusterRole;
}
