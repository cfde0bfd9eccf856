/**
 * How Route 53 answers: which record of a name it gives, by the health of what stands behind. Pure; it knows the records and
 * checks as they are, and nothing of what they are meant to do.
 */

/** One record of a zone. */
export interface ZoneRecord {
  readonly name: string;
  /** Tells records of one name apart. @default the name has this record only */
  readonly setIdentifier?: string | undefined;
  /** Part in a failover. @default a simple record */
  readonly failover?: "PRIMARY" | "SECONDARY" | undefined;
  readonly healthCheckId?: string | undefined;
  /** Another name that is answered in this one's place. */
  readonly alias: { readonly name: string; readonly evaluateTargetHealth: boolean };
}

/** One health check; a leaf's own status is observed, a calculated one's follows from its children. */
export interface Check {
  readonly id: string;
  /** Children and how many of them have to be healthy. @default it is a leaf */
  readonly calculated?: { readonly children: readonly string[]; readonly threshold: number } | undefined;
  /** The status is turned round. @default false */
  readonly inverted?: boolean;
  /** Nothing is asked: Route 53 takes it for healthy. @default false */
  readonly disabled?: boolean;
}

/** A zone's records and every check that they name. */
export interface ZoneModel {
  readonly records: readonly ZoneRecord[];
  readonly checks: readonly Check[];
}

/** Whether a leaf check finds what it asks healthy. */
export type Observed = (checkId: string) => boolean;

/** Status of a check. @throws Error for one that the model does not have */
export function isHealthy({ checks }: Pick<ZoneModel, "checks">, id: string, observed: Observed): boolean {
  const check = checks.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`there is no health check ${id}`);
  const { calculated, inverted = false, disabled = false } = check;
  // Threshold 0 is always healthy, one above the number of children never.
  const counted = (children: readonly string[]) => children.filter((child) => isHealthy({ checks }, child, observed)).length;
  const status = disabled || (calculated === undefined ? observed(id) : counted(calculated.children) >= calculated.threshold);
  return inverted ? !status : status;
}

/**
 * The name outside the zone, a load balancer's, that a query for `name` is answered with.
 * @returns undefined when the zone has no such name
 */
export function answerOf(zone: ZoneModel, name: string, observed: Observed): string | undefined {
  const chosen = chosenRecord(zone, name, observed);
  if (chosen === undefined) return undefined;
  const { alias } = chosen;
  return recordsOf(zone, alias.name).length === 0 ? alias.name : answerOf(zone, alias.name, observed);
}

/** PRIMARY while it is healthy; else SECONDARY, unless that is unhealthy too: then PRIMARY again. */
function chosenRecord(zone: ZoneModel, name: string, observed: Observed): ZoneRecord | undefined {
  const records = recordsOf(zone, name);
  const primary = records.find(({ failover }) => failover === "PRIMARY");
  const secondary = records.find(({ failover }) => failover === "SECONDARY");
  if (primary === undefined) return secondary ?? records[0];
  if (secondary === undefined || recordHealthy(zone, primary, observed)) return primary;
  return recordHealthy(zone, secondary, observed) ? secondary : primary;
}

/** A record without a check, and without an alias that is looked behind, is always healthy. */
function recordHealthy(zone: ZoneModel, { healthCheckId, alias }: ZoneRecord, observed: Observed): boolean {
  if (healthCheckId !== undefined && !isHealthy(zone, healthCheckId, observed)) return false;
  if (!alias.evaluateTargetHealth) return true;
  const behind = recordsOf(zone, alias.name);
  // What is behind a name of the zone is healthy when one of its records is; of a load balancer the model says nothing.
  return behind.length === 0 || behind.some((record) => recordHealthy(zone, record, observed));
}

function recordsOf({ records }: ZoneModel, name: string): ZoneRecord[] {
  const bare = (text: string) => text.replace(/\.$/, "").toLowerCase();
  return records.filter((record) => bare(record.name) === bare(name));
}

/** AWS region in a load balancer's name. */
export function regionIn(loadBalancerName: string | undefined): string | undefined {
  return loadBalancerName?.match(/\.([a-z]{2}(?:-[a-z]+)+-\d)\.elb\.amazonaws\.com\.?$/)?.[1];
}
