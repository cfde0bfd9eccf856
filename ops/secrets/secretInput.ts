/** Reads a secret from standard input: what is piped in, or what is typed without being shown. */
import { UserError } from "../userError.ts";

/** The part of a terminal or pipe that is needed. */
export interface SecretSource {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  on(event: "data", listener: (text: string) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  removeAllListeners(event: "data" | "end"): unknown;
  resume(): unknown;
  pause(): unknown;
}

/**
 * The value: one line when typed, everything up to the end when piped; a final line break is not part of it.
 * @throws UserError when the person gives up
 */
export function readSecret(source: SecretSource, prompt: (text: string) => void, question: string): Promise<string> {
  const typed = source.isTTY === true;
  source.setEncoding("utf8");
  if (typed) {
    prompt(question);
    source.setRawMode?.(true);
  }
  return new Promise<string>((resolve, reject) => {
    let value = "";
    const finish = (done: () => void) => {
      source.removeAllListeners("data");
      source.removeAllListeners("end");
      if (typed) {
        source.setRawMode?.(false);
        prompt("\n");
      }
      source.pause();
      done();
    };
    source.on("end", () => finish(() => resolve(value.replace(/\r?\n$/, ""))));
    source.on("data", (text) => {
      if (!typed) {
        value += text;
        return;
      }
      for (const character of text) {
        if (character === "\u0003" || character === "\u0004") return finish(() => reject(new UserError("Nothing was set.")));
        if (character === "\r" || character === "\n") return finish(() => resolve(value));
        value = character === "\u007f" ? value.slice(0, -1) : value + character;
      }
    });
    source.resume();
  });
}
