/** Updates one after the other, beside which something else is measured. */
import type { Deployment } from "./deployment.ts";

/** Updates that each change how long every log is kept, until somebody has seen enough. */
export class Updates {
  /** How many were begun. */
  begun = 0;
  #enough = false;
  readonly #all: Promise<void>;

  constructor(deployment: Deployment) {
    this.#all = this.#update(deployment);
  }

  async #update(deployment: Deployment): Promise<void> {
    while (!this.#enough) {
      this.begun += 1;
      deployment.edit({ "logs.retentionDays": this.begun % 2 === 1 ? 14 : 30 });
      await deployment.up();
    }
  }

  /** Begins no other one, and waits for the last. */
  async ended(): Promise<void> {
    this.#enough = true;
    await this.#all;
  }
}
