/** Services as rows of the screen: a row for each colour. Pure. */
import pc from "picocolors";
import type { ColourStatus, ServiceStatus } from "./services.ts";

/** Cells of a service: where, colour, percent by live, state and config, healthy, tasks, image, release. */
export function serviceRows({ where, home, colours }: ServiceStatus): string[][] {
  return colours.map((one, index) => [
    index === 0 ? pc.bold(where) : "",
    one.colour === home ? pc.bold(one.colour) : one.colour,
    ...shares(one),
    healthOf(one),
    tasksOf(one),
    one.digest === undefined ? "–" : `${one.digest.slice(0, "sha256:".length + 8)}…`,
    releaseOf(one),
  ]);
}

/** What the state or the config says otherwise stands out. */
function shares({ live, state, config }: ColourStatus): string[] {
  const said = (share: number | undefined) => {
    if (share === undefined) return "?";
    return live !== undefined && share !== live ? pc.yellow(String(share)) : String(share);
  };
  return [live === undefined ? pc.yellow("?") : String(live), said(state), said(config)];
}

function healthOf({ healthy, tasks, live = 0 }: ColourStatus): string {
  if (healthy === undefined) return tasks === undefined ? "–" : pc.yellow("?");
  const text = `${healthy} of ${tasks?.wanted ?? "?"}`;
  if (live > 0 && healthy === 0) return pc.red(text);
  return healthy < (tasks?.wanted ?? 0) ? pc.yellow(text) : text;
}

function tasksOf({ tasks, maximum, atMaximum, trouble }: ColourStatus): string {
  if (tasks === undefined) return "–";
  const text = `${tasks.running}${maximum === undefined ? "" : ` (max ${maximum})`}`;
  if (trouble !== undefined) return pc.red(`${text} not as told`);
  return atMaximum ? pc.yellow(`${text} at its maximum`) : text;
}

function releaseOf({ release }: ColourStatus): string {
  if (release === undefined) return "";
  const { state, since, by } = release;
  // The last part of an ARN says who.
  return `${state} since ${since.slice(0, 16).replace("T", " ")} by ${by.split("/").at(-1)}`;
}
