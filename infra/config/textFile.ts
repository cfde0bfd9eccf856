/** A file's text: what the system refuses carries the path, which it leaves out where a folder is read or a disk is full. */
import { readFileSync } from "node:fs";

/** Reads or writes a file. @throws the system's error, with the path */
export function atPath<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
}

/** The text of a file. @throws the system's error, with the path */
export function textIn(path: string): string {
  return atPath(path, () => readFileSync(path, "utf8"));
}
