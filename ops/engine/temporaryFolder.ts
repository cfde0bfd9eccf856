/** A folder for what started processes leave behind. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const signals = ["SIGINT", "SIGTERM"] as const;

/** Goes when it is removed, and also where a signal ends this process, which then runs nothing else. */
export class TemporaryFolder {
  readonly path: string;
  readonly #handled: () => boolean;

  /** @param start of its name @param handled whether somebody else has taken the signals: then the process goes on, and removes it */
  constructor(start: string, handled: () => boolean) {
    this.path = mkdtempSync(join(tmpdir(), start));
    this.#handled = handled;
    for (const signal of signals) process.on(signal, this.#end);
  }

  remove(): void {
    for (const signal of signals) process.off(signal, this.#end);
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Once nobody listens, the same signal does what it would have done. */
  readonly #end = (signal: NodeJS.Signals): void => {
    if (this.#handled()) return;
    this.remove();
    process.kill(process.pid, signal);
  };
}
