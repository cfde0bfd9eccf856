/** A stack in a state folder of this machine: created there when it is new, with a stack file that the engine may read there. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { isMap, isScalar, type Node, parseDocument, visit } from "yaml";
import type { Project } from "../project/project.ts";
import { type LocalBackend, stateFile, stateFolder } from "./backend.ts";

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
  const { text, secrets } = localStackFile(readFileSync(stackFile, "utf8"), readFileSync(saltFile, "utf8"));
  writeFileSync(copy, text);
  for (const path of secrets) {
    await execa(
      pulumi,
      ["config", "set", "--secret", "--path", path, "sandbox", "--stack", stack, "--config-file", copy, "--non-interactive"],
      { cwd: project.folder, env },
    );
  }
  return copy;
}

/**
 * A stack file for the local backend: the same lines, with this backend's salt in place of the secrets provider, and a
 * list of the encrypted values, which only the real provider could decrypt.
 */
export function localStackFile(text: string, salt: string): { text: string; secrets: string[] } {
  const document = parseDocument(text);
  for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) document.delete(key);
  document.set("encryptionsalt", salt);
  const secrets: string[] = [];
  visit(document, {
    Map(_, node, ancestors) {
      const [pair] = node.items;
      if (node.items.length !== 1 || pair === undefined || !isScalar(pair.key) || pair.key.value !== "secure") return undefined;
      secrets.push(pathOf([...ancestors, node] as Node[]));
      return visit.REMOVE;
    },
  });
  return { text: document.toString({ lineWidth: 0 }), secrets };
}

/** Path of a node below `config:`, as `pulumi config set --path` reads it. */
function pathOf(nodes: readonly Node[]): string {
  const parts = nodes.flatMap((node, index) => {
    const child = nodes[index + 1];
    if (child === undefined) return [];
    if (isMap(node))
      return node.items.filter((pair) => pair === (child as unknown)).map((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key));
    return "items" in node && Array.isArray(node.items) ? [String(node.items.indexOf(child as never))] : [];
  });
  const [, area = "", ...rest] = parts;
  return rest.reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`), area);
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
