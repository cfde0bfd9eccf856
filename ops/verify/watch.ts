/** Endpoints asked again and again: in rounds, several side by side. */
import { setTimeout as pause } from "node:timers/promises";
import type { Answer, NoAnswer } from "./ask.ts";
import type { Finding } from "./check.ts";
import type { EndpointRecord } from "./endpoint.ts";

/** Endpoints that are asked at the same time, at most. */
const sideBySide = 8;

/** How it is watched. */
export interface Rounds {
  /** From the first round to the last, milliseconds. 0 means one round. */
  readonly forMilliseconds: number;
  /** From one round's start to the next one's, milliseconds. */
  readonly everyMilliseconds: number;
  readonly question: (record: EndpointRecord) => Promise<Answer | NoAnswer>;
  /** Called with each answer that is not good, as it comes. @default nobody is notified */
  readonly onBad?: (record: EndpointRecord, finding: Finding) => void;
}

/** Asks every endpoint in each round. A round that lasts longer than the pause delays those after it; none is made up for. */
export async function watchEndpoints(records: readonly EndpointRecord[], rounds: Rounds): Promise<void> {
  const { forMilliseconds, everyMilliseconds } = rounds;
  const start = performance.now();
  for (let next = 0; ; ) {
    await askRound(records, rounds);
    const passed = performance.now() - start;
    next = Math.max(next + everyMilliseconds, Math.ceil(passed / everyMilliseconds) * everyMilliseconds);
    if (next > forMilliseconds) return;
    await pause(Math.max(0, next - passed));
  }
}

async function askRound(records: readonly EndpointRecord[], { question, onBad }: Rounds): Promise<void> {
  const waiting = [...records];
  const worker = async () => {
    for (let record = waiting.shift(); record !== undefined; record = waiting.shift()) {
      const finding = record.add(await question(record));
      if (finding.verdict !== "good") onBad?.(record, finding);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
}
