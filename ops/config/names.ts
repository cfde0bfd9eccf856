/** `slipway config show --names`: what a stack's resources are called in the cloud. */
import Table from "cli-table3";
import pc from "picocolors";
import { type PhysicalName, physicalNames } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";

/** No line between rows. */
const chars = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** The names as a table for each region, in the order in which regions answer. */
export function namesTable(config: StackConfig): string {
  const names = physicalNames(config);
  const tables = [...new Set(names.map(({ region }) => region))].map((region) => {
    const head = [region, "resource", "name", "cut from"].map((title) => pc.bold(title));
    const table = new Table({ head, chars, style: { head: [], border: [] } });
    for (const { of, type, name, whole } of ofRegion(names, region))
      table.push([of, shortType(type), name, name.startsWith(whole) ? "" : whole]);
    return table.toString();
  });
  return [...tables, "* stands for digits that are drawn when the resource is made. The tag Name holds what a name was cut from."].join(
    "\n\n",
  );
}

/** The names as JSON. */
export function namesJson(config: StackConfig): string {
  return JSON.stringify(physicalNames(config), null, 2);
}

function ofRegion(names: readonly PhysicalName[], region: string): PhysicalName[] {
  return names.filter((name) => name.region === region).sort((a, b) => (a.of === b.of ? 0 : a.of < b.of ? -1 : 1));
}

/** `aws:lb/targetGroup:TargetGroup` → `lb TargetGroup`. */
function shortType(type: string): string {
  const [, module = "", name = ""] = type.split(":");
  return `${module.split("/")[0]} ${name}`;
}
