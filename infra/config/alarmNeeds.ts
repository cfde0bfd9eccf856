/** What depends on what, as config knows it: for alarms, whose pages wait for those of what is down before them. Pure. */
import { cacheSubject, databaseSubject } from "../../components/alarms/subjects.ts";
import { notifiedRegions } from "./notifiedRegions.ts";
import type { StackConfig } from "./stack.ts";

type Named = Pick<StackConfig, "services">;

/** A cluster that writes to CloudWatch, and what of it is watched there. */
export interface ObservedCluster {
  /** Of the EKS cluster, which is in the stack's region. */
  readonly name: string;
  readonly region: string;
  readonly namespace: string;
  /** Services that run there. */
  readonly services: readonly string[];
}

/**
 * The cluster whose pods have alarms: on EKS, in the stack's account. Of another one CloudWatch knows nothing.
 * @returns undefined where there is none, and where nobody is told of alarms
 */
export function observedCluster(config: StackConfig): ObservedCluster | undefined {
  const { kubernetes, aws, services } = config;
  if (kubernetes.cluster?.access.by !== "eks" || notifiedRegions(config).length === 0) return undefined;
  const own = Object.entries(services).flatMap(([name, { compute }]) => (compute === "kubernetes" ? [name] : []));
  if (own.length === 0) return undefined;
  const { access, namespace } = kubernetes.cluster;
  return { name: access.cluster, region: aws.region, namespace, services: own };
}

/** Subjects of the stores that a service uses. */
export function needsOfService({ services }: Named, service: string): string[] {
  const { databases = [], caches = [] } = services[service]?.connects ?? {};
  return [...databases.map(databaseSubject), ...caches.map(cacheSubject)];
}

/** Services that answer for a host: those whose routes name it, or else those that answer for any host; all where none does. */
export function servicesBehind({ services }: Named, host: string): string[] {
  const all = Object.keys(services);
  const routed = (hosts: (hosts: readonly string[]) => boolean) => all.filter((name) => hosts(services[name]?.route.hosts ?? []));
  const named = routed((hosts) => hosts.includes(host));
  if (named.length > 0) return named;
  const open = routed((hosts) => hosts.length === 0);
  return open.length > 0 ? open : all;
}

/** Subjects of a region as alarms of another name them: CloudWatch inhibits within one region, so that those are only named. */
export function needsIn(region: string, of: string, subjects: readonly string[]): string[] {
  return region === of ? [...subjects] : subjects.map((subject) => `${subject} in ${of}`);
}

/** Host names of a service, or of several, by alphabet: the order of a file's keys changes no alarm. */
export function hostsOf({ services }: Named, names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => services[name]?.route.hosts ?? []))].sort();
}
