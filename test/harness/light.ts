/** Setup of the files that share a worker: the SDK is made light before the first of them imports it, and each names what it left unchecked. */
import "./quickSdk.ts";
import { afterAll } from "vitest";
import { uncheckedTypes } from "./uncheckedTypes.ts";

afterAll(() => {
  const named = uncheckedTypes();
  if (named !== undefined) console.warn(named);
});
