/** Checks that are printed as they end, with the time that each took, and counted. */

/** Ends a run of checks of which the rest would mean nothing. */
export class Stopped extends Error {}

/** How one check ended. */
export interface EndedCheck {
  readonly title: string;
  readonly passed: boolean;
  readonly seconds: number;
}

export class Checks {
  readonly #ended: EndedCheck[] = [];

  /** All of them, in their order. */
  get ended(): readonly EndedCheck[] {
    return this.#ended;
  }

  get passed(): number {
    return this.#ended.filter(({ passed }) => passed).length;
  }

  get failed(): number {
    return this.#ended.length - this.passed;
  }

  /**
   * Runs one check and prints how it ended.
   * @param run throws when the check fails; what it returns is printed beside the title
   * @returns whether it passed
   */
  async check(title: string, run: () => Promise<string>): Promise<boolean> {
    const started = performance.now();
    const end = (passed: boolean) => {
      const seconds = (performance.now() - started) / 1000;
      this.#ended.push({ title, passed, seconds });
      return `${seconds.toFixed(1)} s`;
    };
    try {
      const found = await run();
      console.log(`passed  ${title}${found === "" ? "" : `: ${found}`} (${end(true)})`);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      console.log(`FAILED  ${title} (${end(false)})\n  ${reason.replaceAll("\n", "\n  ")}`);
      return false;
    }
  }

  /** A check without which the next ones cannot be made. @throws Stopped when it fails */
  async required(title: string, run: () => Promise<string>): Promise<void> {
    if (!(await this.check(title, run))) throw new Stopped(`the checks that need "${title}" were not made`);
  }

  /** Last line of the run. */
  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}

/** @throws Error with the message when the condition does not hold */
export function expect(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}
