/** `slipway sandbox clock`: the simulated cloud's clock, so that what takes days can be rehearsed in minutes. */
import { sandboxOf } from "../../ops/engine/backend.ts";
import type { Project } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import { advanceClock, aheadOf, resetClock, timeIn } from "../../sandbox/cloud/clock.ts";
import type { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/** Farthest that the clock goes ahead: ten years, more than anything here is kept. */
const farthest = 3_650 * 86_400_000;

/** What time it is. */
export function showClock(project: Project): string {
  return told(openLiveStore(sandboxOf(project).folder));
}

/** Moves the clock on. @throws UserError beyond ten years */
export function advance(project: Project, milliseconds: number): string {
  const store = openLiveStore(sandboxOf(project).folder);
  const ahead = aheadOf(store) + milliseconds;
  if (ahead > farthest)
    throw new UserError(
      `The clock would be ${words(ahead)} ahead; allowed are 3650 d. Nothing was changed. Begin anew:   slipway sandbox clock reset`,
      2,
    );
  advanceClock(store, milliseconds);
  return told(store);
}

/** Sets the clock to this machine's time. */
export function reset(project: Project): string {
  const store = openLiveStore(sandboxOf(project).folder);
  resetClock(store);
  return told(store);
}

function told(store: LiveStore): string {
  const ahead = aheadOf(store);
  const by = ahead === 0 ? "as on this machine" : `${words(ahead)} ahead of this machine`;
  return `It is ${timeIn(store).toISOString().slice(0, 19)}Z in the simulated cloud, ${by}.`;
}

/** `1 d 2 h 3 min 4 s`, without what is 0. */
function words(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = {
    d: Math.floor(seconds / 86_400),
    h: Math.floor(seconds / 3600) % 24,
    min: Math.floor(seconds / 60) % 60,
    s: seconds % 60,
  };
  return Object.entries(parts)
    .filter(([, number]) => number > 0)
    .map(([unit, number]) => `${number} ${unit}`)
    .join(" ");
}
