/** What one colour of a service really runs, as the cloud says. */
export interface RunningColour {
  /** Digest of the image; empty when nothing runs, or something else than this update deployed. */
  readonly image: string;
  /** Fingerprint of the settings; empty likewise, and where none is kept. */
  readonly settings: string;
  /** Number of tasks that run; 1 where only a scaler knows. */
  readonly tasks: number;
}

/** A colour in which nothing runs. */
export const nothingRuns: RunningColour = { image: "", settings: "", tasks: 0 };
