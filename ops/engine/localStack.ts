/** A stack in a state folder of this machine: created there when it is new, with a stack file that the engine may read there. */
import { existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseDocument, Scalar } from "yaml";
import { kubeconfigInPlace, kubeconfigPath } from "../../infra/config/clusterAccess.ts";
import type { RawConfig } from "../../infra/config/layers.ts";
import { keyPrefix } from "../../infra/config/ownKeys.ts";
import { readStackFile } from "../../infra/config/stackFile.ts";
import { textIn } from "../../infra/config/textFile.ts";
import type { Project } from "../project/project.ts";
import { writeText } from "../textFile.ts";
import { UserError } from "../userError.ts";
import { isReal, type LocalBackend, stateFile, stateFolder } from "./backend.ts";
import { checkpointIn } from "./checkpoint.ts";
import { eachEncrypted } from "./encryptedValues.ts";
import type { StateOwner } from "./stateFiles.ts";
import { damagedState } from "./stateRoom.ts";

/**
 * Salt of new stacks, as the engine writes one: the passphrase of this backend stands in the code, so a salt of its own would
 * protect nothing, and to have the engine make one costs half a second.
 */
const publicSalt = "v1:f0AR3XBMUiI=:v1:1MNrkJj/TjO2n86G:THcKhlSs6bWi8Jc1AUQcijPO08u9DA==";

/** Keys down to the kubeconfig in a stack file. */
const kubeconfigKeys = ["config", `${keyPrefix}${kubeconfigPath[0]}`, ...kubeconfigPath.slice(1)].join();

/**
 * Creates the stack in the local backend when it is not there, and copies its stack file to where the engine may write:
 * a stack file for a real account names a secrets provider that is out of reach here.
 * @returns the copy, for `--config-file`
 * @throws UserError when a real cluster is to be reached by a kubeconfig that cannot be decrypted here
 */
export function prepareLocalStack(backend: LocalBackend, project: Project, stack: string, stackFile: string): string {
  const saltFile = join(backend.folder, "stacks", `${stack}.salt`);
  const state = stateFile(backend, project, stack);
  mkdirSync(dirname(saltFile), { recursive: true });
  writeText(join(backend.folder, ".gitignore"), "*\n");
  if (!existsSync(saltFile)) writeText(saltFile, saltInState({ backend, project, stack }, state) ?? publicSalt);
  if (!existsSync(state)) createStack(backend, project, stack);
  if (backend.kind === "sandbox" && isReal(backend, "kubernetes")) refuseSecretKubeconfig(stackFile);
  const copy = join(backend.folder, "stacks", `Pulumi.${stack}.yaml`);
  writeText(
    copy,
    localStackFile(textIn(stackFile), textIn(saltFile), () => readStackFile(stackFile).raw),
  );
  return copy;
}

/** What leads to the real cluster is encrypted for another secrets provider, and is not written under the public passphrase of this backend. */
function refuseSecretKubeconfig(stackFile: string): void {
  eachEncrypted(parseDocument(textIn(stackFile)), (_, __, keys) => {
    if (keys.join() !== kubeconfigKeys) return;
    throw new UserError(
      [
        `${basename(stackFile)}: ${keyPrefix}${kubeconfigPath.join(".")} is encrypted, and the state in .slipway has no way to decrypt it.`,
        "For a real cluster with a local state name a kubeconfig file instead: access: {by: file, file: kubeconfig.yaml, context: …}",
      ].join("\n"),
      2,
    );
  });
}

/**
 * A stack file for the local backend: the same lines, with this backend's salt in place of the secrets provider. Encrypted values
 * can only be read by the real provider; in place of each stands the text that the salt carries, encrypted, to check passphrases by,
 * or, in clear, what the program can read where it reads the content.
 * @param raw the config with its bases
 */
export function localStackFile(text: string, salt: string, raw: () => RawConfig): string {
  const document = parseDocument(text);
  for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) document.delete(key);
  document.set("encryptionsalt", salt);
  const sealed = salt.split(":").slice(2).join(":");
  eachEncrypted(document, (secure, holder, keys) => {
    if (keys.join() === kubeconfigKeys && holder !== undefined) holder.value = new Scalar(kubeconfigInPlace(raw()));
    else secure.value = new Scalar(sealed);
  });
  return document.toString({ lineWidth: 0 });
}

/** Writes the record of a stack without resources, and beside the first one that stacks lie in folders of their projects. */
function createStack(backend: LocalBackend, project: Project, stack: string): void {
  const file = stateFile(backend, project, stack);
  const meta = join(stateFolder(backend), ".pulumi", "meta.yaml");
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(meta)) writeText(meta, "version: 1\n");
  writeText(file, JSON.stringify({ version: 3, checkpoint: { stack: `organization/${project.name}/${stack}` } }));
}

/** A state that holds resources also holds the salt of their secrets. */
function saltInState(owner: StateOwner, file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = textIn(file);
  try {
    return checkpointIn(text).checkpoint.latest?.secrets_providers?.state?.salt;
  } catch (error) {
    throw damagedState(owner, error);
  }
}
