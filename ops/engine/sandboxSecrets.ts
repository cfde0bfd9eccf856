/**
 * Keeps what the sandbox encrypts out of the stack files of a project. They are committed, and the sandbox's passphrase is in
 * the code: whoever has the file could read it, while it looks like a secret that is safe.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import { textIn } from "../../infra/config/textFile.ts";
import { writeText } from "../textFile.ts";
import { UserError } from "../userError.ts";
import { eachEncrypted } from "./encryptedValues.ts";

const why =
  "In the sandbox secrets are encrypted with a passphrase that is public, and stack files are committed: whoever has the file could read them.";

/**
 * Refuses a pulumi command that would write an encrypted value, or the salt for one, into a stack file.
 * @throws UserError saying what to run instead; a value that was given is not repeated
 */
export function refuseSandboxSecret(command: readonly string[], stack: string): void {
  const words = command.filter((word) => !word.startsWith("-"));
  const verb = (group: string, verbs: readonly string[]) =>
    words.includes(group) ? words.slice(words.indexOf(group) + 1).find((word) => verbs.includes(word)) : undefined;
  const config = verb("config", ["get", "set", "rm", "remove", "rm-all", "remove-all", "set-all", "env", "refresh", "cp", "copy"]);
  const onStack = words[0] === "new" ? undefined : verb("stack", ["init", "change-secrets-provider"]);
  const marked = command.some((word) => /^--secret(=(?!false$|f$|0$).*)?$/i.test(word) || /"secret"\s*:\s*true/.test(word));
  if ((config === "set" || config === "set-all") && marked) {
    const key = words[words.indexOf("set") + 1] ?? "";
    const path = command.includes("--path") ? "--path " : "";
    const own = config === "set" ? pulumiCommand(`config set --secret --stack ${stack} ${path}${quoted(key)}`) : "the same config set-all";
    throw refused([
      `Set it on the real stack, with its own key, and commit that; here every encrypted value is replaced by a word:`,
      "  export PULUMI_BACKEND_URL='s3://<bucket>?region=<region>'",
      `  ${own}`,
    ]);
  }
  if (config === "refresh" || config === "cp" || config === "copy")
    throw refused([`config ${config} writes secrets as well. Edit the stack files, or run it with the backend of the real stack.`]);
  if (onStack === "change-secrets-provider")
    throw refused([
      `Change the provider of the real stack: with its PULUMI_BACKEND_URL, ${pulumiCommand(`stack ${onStack} --stack ${stack} <provider>`)}`,
    ]);
  if (onStack === "init" || words[0] === "new")
    throw refused(["A stack of the sandbox needs its Pulumi.<stack>.yaml and nothing else: slipway up --stack <stack> makes it."]);
}

function refused(instead: readonly string[]): UserError {
  return new UserError([why, "Nothing was written.", ...instead].join("\n"), 2);
}

function quoted(word: string): string {
  return /^[\w.:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Runs an engine, and takes back what it wrote into stack files under the sandbox's passphrase.
 * @param folder of the project
 * @throws UserError when there was something to take back
 */
export async function keepingStackFiles(folder: string, run: () => Promise<number>): Promise<number> {
  const before = new Map(stackFiles(folder).map((file) => [file, textIn(file)]));
  const exitCode = await run();
  const restored = stackFiles(folder).filter((file) => holdsMore(textIn(file), before.get(file) ?? ""));
  for (const file of restored) {
    const text = before.get(file);
    if (text === undefined) rmSync(file);
    else writeText(file, text);
  }
  if (restored.length === 0) return exitCode;
  const what = restored.map((file) => `${basename(file)} ${before.has(file) ? "was put back as it was" : "was removed"}`);
  throw new UserError([why, `The engine wrote such a value or its salt. ${what.join(", ")}.`].join("\n"), 2);
}

function stackFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^Pulumi\..+\.ya?ml$/.test(name))
    .map((name) => join(folder, name));
}

/** Whether a stack file has a salt or an encrypted value that the one before had not. */
function holdsMore(now: string, before: string): boolean {
  const known = new Set(sealed(before));
  return sealed(now).some((value) => !known.has(value));
}

/** Salt and encrypted values of a stack file. */
function sealed(text: string): string[] {
  const document = parseDocument(text);
  const found = document.has("encryptionsalt") ? [String(document.get("encryptionsalt"))] : [];
  eachEncrypted(document, ({ value }) => found.push(String(value)));
  return found;
}
