/** Setup of every test file: notes how much processor time the file uses, for the table that `npm test` ends with. */
import "./nativeImports.ts"; // first: it is about the files that come after this one
import { appendFileSync } from "node:fs";
import { afterAll, expect } from "vitest";
import { processorSeconds } from "./processorTime.ts";

/** A file's processor time, as a line of JSON. */
export interface FileTime {
  /** Absolute. */
  readonly file: string;
  readonly seconds: number;
}

const notes = process.env.SLIPWAY_TEST_TIMES;
if (notes !== undefined) {
  const before = processorSeconds();
  afterAll(() => {
    const time: FileTime = { file: expect.getState().testPath ?? "", seconds: processorSeconds() - before };
    appendFileSync(notes, `${JSON.stringify(time)}\n`);
  });
}
