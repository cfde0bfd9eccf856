/** Memory of database instance classes. */

const gibibytesOfLarge: Readonly<Record<string, number>> = { t: 8, m: 8, r: 16, x: 32 };
const sharesOfLarge: Readonly<Record<string, number>> = { micro: 1 / 8, small: 1 / 4, medium: 1 / 2, large: 1 };

/** Memory of an instance, bytes. @returns undefined for a class that AWS may have added since */
export function instanceMemory(instanceClass: string): number | undefined {
  const [, family = "", size = ""] = /^db\.([a-z])[^.]*\.(\w+)$/.exec(instanceClass) ?? [];
  const large = gibibytesOfLarge[family];
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  const share = times === undefined ? sharesOfLarge[size] : 2 * Number(times === "" ? 1 : times);
  return large === undefined || share === undefined ? undefined : large * share * 2 ** 30;
}

/** Connections that RDS for PostgreSQL lets in by default. */
export function defaultConnections(instanceClass: string): number | undefined {
  const memory = instanceMemory(instanceClass);
  return memory === undefined ? undefined : Math.min(Math.floor(memory / 9_531_392), 5000);
}
