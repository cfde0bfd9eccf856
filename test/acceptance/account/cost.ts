/** What a trial costs, by the unit prices of docs/first-up.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StackConfig } from "../../../infra/config/stack.ts";

/** Hours that a trial takes at most, waits for certificate, load balancer, NAT gateway and destruction included. */
const hours = 1.5;

/** For a person who decides whether to go on. */
export function costLine(config: StackConfig): string {
  const { network, services } = config;
  const gateways = network.natGateways === "perZone" ? network.zones.length : network.natGateways === "single" ? 1 : 0;
  const tasks = Object.values(services).flatMap((one) => (one.compute === "ecs" ? Array(2 * one.scaling.maximum).fill(one) : []));
  const each: readonly (readonly [what: string, number: number, price: number])[] = [
    [`${gateways} NAT gateway`, gateways, price("NAT gateways", /\$([\d.]+)\/h/)],
    ["1 load balancer", 1, price("load balancer", /\$([\d.]+)\/h/)],
    [`${gateways + network.zones.length} public addresses`, gateways + network.zones.length, price("public addresses", /\$([\d.]+)\/h/)],
    [
      `up to ${tasks.length} tasks on Fargate`,
      1,
      tasks.reduce(
        (sum, { cpu, memory }) =>
          sum + (cpu / 1024) * price("Fargate tasks", /\$([\d.]+) a vCPU/) + (memory / 1024) * price("Fargate tasks", /\$([\d.]+) a GB/),
        0,
      ),
    ],
  ];
  const hourly = each.reduce((sum, [, number, one]) => sum + number * one, 0);
  const key = price("keys, drawn secrets", /\$([\d.]+)/);
  return `It costs about $${hourly.toFixed(2)} an hour (${each.map(([what]) => what).join(", ")}), $${(hourly * hours).toFixed(2)} for ${hours} hours, and up to $${key} for a key that waits to be deleted.`;
}

const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "first-up.md"), "utf8");

/** @throws Error when the page has no such price */
function price(row: string, unit: RegExp): number {
  const cell = page
    .split("\n")
    .find((line) => line.startsWith(`| ${row} |`))
    ?.split("|")[2];
  const found = cell === undefined ? undefined : unit.exec(cell)?.[1];
  if (found === undefined) throw new Error(`docs/first-up.md has no price of ${row} like ${unit}`);
  return Number(found);
}
