/** Files that a person or a pipeline names: what the system refuses carries the path, so that `systemError.ts` can say it. */
import { appendFileSync, writeFileSync } from "node:fs";
import { atPath, textIn } from "../infra/config/textFile.ts";
import { UserError } from "./userError.ts";

/** @throws the system's error, with the path, which it leaves out where a disk is full */
export function writeText(file: string, text: string): void {
  atPath(file, () => writeFileSync(file, text));
}

/** Adds to the end of a file. @throws the system's error, with the path */
export function appendText(file: string, text: string): void {
  atPath(file, () => appendFileSync(file, text));
}

/** What a JSON file holds. @param otherwise what to do when it is none @throws UserError naming the file; the system's error, with the path */
export function readJson(file: string, otherwise: string): unknown {
  return jsonOf(textIn(file), file, otherwise);
}

/** What a JSON text holds. @param name of the file or variable that it is of @param otherwise what to do when it is none @throws UserError */
export function jsonOf(text: string, name: string, otherwise: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}\n${otherwise}`, 2);
  }
}
