/** A stack in a state folder of this machine: created there when it is new, with a stack file that the engine may read there. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parseDocument, Scalar } from "yaml";
import type { Project } from "../project/project.ts";
import { type LocalBackend, stateFile, stateFolder } from "./backend.ts";
import { eachEncrypted } from "./encryptedValues.ts";

/**
 * Creates the stack in the local backend when it is not there, and copies its stack file to where the engine may write:
 * a stack file for a real account names a secrets provider that is out of reach here.
 * @returns the copy, for `--config-file`
 */
export async function prepareLocalStack(
  backend: LocalBackend,
  project: Project,
  stack: string,
  stackFile: string,
  pulumi: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const saltFile = join(backend.folder, "stacks", `${stack}.salt`);
  mkdirSync(join(backend.folder, "stacks"), { recursive: true });
  mkdirSync(stateFolder(backend), { recursive: true });
  writeFileSync(join(backend.folder, ".gitignore"), "*\n");
  if (!existsSync(saltFile) || !existsSync(stateFile(backend, project, stack))) {
    writeFileSync(saltFile, await createStack(backend, project, stack, pulumi, env));
  }
  const copy = join(backend.folder, "stacks", `Pulumi.${stack}.yaml`);
  writeFileSync(copy, localStackFile(readFileSync(stackFile, "utf8"), readFileSync(saltFile, "utf8")));
  return copy;
}

/**
 * A stack file for the local backend: the same lines, with this backend's salt in place of the secrets provider. Encrypted values
 * can only be read by the real provider; in place of each stands the text that the salt carries, encrypted, to check passphrases by.
 */
export function localStackFile(text: string, salt: string): string {
  const document = parseDocument(text);
  for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) document.delete(key);
  document.set("encryptionsalt", salt);
  const sealed = salt.split(":").slice(2).join(":");
  eachEncrypted(document, (secure) => {
    secure.value = new Scalar(sealed);
  });
  return document.toString({ lineWidth: 0 });
}

/** @returns the salt that the engine made for the stack's secrets */
async function createStack(
  backend: LocalBackend,
  project: Project,
  stack: string,
  pulumi: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const scratch = join(backend.folder, "stacks", `create-${stack}-${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  try {
    writeFileSync(join(scratch, "Pulumi.yaml"), `name: ${project.name}\nruntime: nodejs\n`);
    const known = saltInState(stateFile(backend, project, stack));
    if (known !== undefined) return known;
    if (existsSync(stateFile(backend, project, stack)))
      await execa(pulumi, ["stack", "rm", stack, "--yes", "--non-interactive"], { cwd: scratch, env });
    await execa(pulumi, ["stack", "init", stack, "--non-interactive"], { cwd: scratch, env });
    const made = parseDocument(readFileSync(join(scratch, `Pulumi.${stack}.yaml`), "utf8"));
    return String(made.get("encryptionsalt"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A state that holds resources also holds the salt of their secrets. */
function saltInState(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    readonly checkpoint?: { readonly latest?: { readonly secrets_providers?: { readonly state?: { readonly salt?: string } } } };
  };
  return state.checkpoint?.latest?.secrets_providers?.state?.salt;
}
