/** The demo's last screen: traffic by colour, what each step changed, how long it took. Pure text. */
import Table from "cli-table3";
import pc from "picocolors";
import { setCommandOf } from "../../infra/config/problem.ts";
import { summarisePaths } from "../../ops/engine/changes.ts";
import type { LiveWeights, StepReport } from "./walk.ts";

/** What the last screen tells. */
interface SummaryFacts {
  readonly stack: string;
  readonly resources: number;
  readonly engineVersion: string;
  readonly createSeconds: number;
  readonly images: Readonly<Record<"blue" | "green", string>>;
  readonly steps: readonly StepReport[];
  readonly totalSeconds: number;
}

const barWidth = 40;

/** Both shares in one short bar, blue from the left and green from the right. */
function splitBar({ blue, green }: LiveWeights, width = 20): string {
  const left = Math.round((blue / 100) * width);
  return `${pc.blue("█".repeat(left))}${pc.green("▒".repeat(width - left))} ${blue}/${green}`;
}

/** A bar of one colour's share, always as wide as 100 %. */
function trafficBar(colour: "blue" | "green", percent: number): string {
  const filled = Math.round((percent / 100) * barWidth);
  const paint = colour === "blue" ? pc.blue : pc.green;
  return `${paint(colour.padEnd(5))} ${paint("█".repeat(filled))}${pc.dim("░".repeat(barWidth - filled))} ${String(percent).padStart(3)} %`;
}

/** The whole screen. */
export function summary(facts: SummaryFacts): string {
  const title = `${facts.stack} · ${facts.resources} resources · simulated AWS, Cloudflare, Kubernetes · real Pulumi engine ${facts.engineVersion}`;
  const live = facts.steps.at(-1)?.live ?? { blue: 0, green: 0 };
  const traffic = (["blue", "green"] as const).map(
    (colour) => `  ${trafficBar(colour, live[colour])}   ${facts.images[colour].slice(0, 15)}…`,
  );
  const table = new Table({
    head: ["step", "live traffic", "changed", "resource and property", "update"].map((head) => pc.bold(head)),
    colAligns: ["right", "left", "right", "left", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const report of facts.steps)
    table.push([
      report.label,
      splitBar(report.live),
      `${report.changes.length} of ${report.total}`,
      describe(report),
      seconds(report.updateSeconds),
    ]);
  return [
    "",
    pc.bold(title),
    "",
    ...traffic,
    "",
    table.toString(),
    "",
    `  created in ${seconds(facts.createSeconds)}, everything in ${seconds(facts.totalSeconds)}`,
    "  Nothing is left behind but caches. Next:",
    "    npx slipway sandbox images push --stack staging     push the images that it names",
    "    npx slipway sandbox secrets set --stack staging     give its secrets values",
    "    npx slipway up --stack staging                      create the same stack and keep it",
    `    ${setCommandOf("staging", ["services", "api", "release", "candidateWeight"], 5)}`,
    "    npx slipway preview --stack staging                 see the one property that changes",
  ].join("\n");
}

function describe({ changes }: StepReport): string {
  if (changes.length === 0) return pc.dim("the labels swap, nothing else");
  return changes
    .map(({ type, name, op, paths }) => `${op} ${type.split(":")[1]?.replace("/", ".")} ${name}\n${pc.dim(summarisePaths(paths))}`)
    .join("\n");
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
