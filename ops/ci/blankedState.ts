/**
 * A copy of a stack's state without its secrets, for previews of pull requests: their code may read set-up and must not
 * read secrets, and the engine cannot preview a state that it cannot decrypt. So the preview works on a copy in which
 * every secret is replaced, without ever having been decrypted.
 */
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { backendOf, type CopiedBackend, copyOf, stateAddress, stateFile } from "../engine/backend.ts";
import { checkpointIn } from "../engine/checkpoint.ts";
import { isSealed, secretSignature, signatureKey } from "../engine/sealed.ts";
import { type StateOwner, stateFiles } from "../engine/stateFiles.ts";
import { damagedState } from "../engine/stateRoom.ts";
import type { Project } from "../project/project.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "../review/propertyValue.ts";
import { writeText } from "../textFile.ts";
import { UserError } from "../userError.ts";
import { type Crypter, newCrypter } from "./passphrase.ts";

const checkpoint = z.looseObject({ checkpoint: z.looseObject({ latest: z.record(z.string(), z.json()).nullish() }) });

/** Stands for every secret text: long enough for every service that checks. */
const placeholder = "secret-not-readable-in-this-preview-0000";

/** Passphrase of the local backend; it protects nothing but placeholders. */
const passphrase = "sandbox";

/**
 * A copy of the stack's state, secrets replaced, as a backend of its own for the preview; what it speaks of is still the
 * cloud of the original. A stack that has no state yet has none in the copy either.
 */
export async function blankedCopy(project: Project, stack: string): Promise<CopiedBackend> {
  const backend = backendOf(project);
  const copy = copyOf(backend, stack);
  rmSync(copy.folder, { recursive: true, force: true });
  const text = await stateFiles(stateAddress(backend)).read(`.pulumi/stacks/${project.name}/${stack}.json`);
  if (text === undefined) return copy;
  const file = stateFile(copy, project, stack);
  mkdirSync(dirname(file), { recursive: true });
  writeText(file, JSON.stringify(withoutSecrets(wholeState(text, { backend, project, stack }), newCrypter(passphrase))));
  return copy;
}

function wholeState(text: string, owner: StateOwner): unknown {
  try {
    return checkpointIn(text);
  } catch (error) {
    throw damagedState(owner, error);
  }
}

/** The state with every secret replaced and the secrets provider exchanged. @throws UserError when it is no state */
export function withoutSecrets(state: unknown, crypter: Crypter): unknown {
  const { data } = checkpoint.safeParse(state);
  if (data === undefined) throw new UserError("The backend's file is no state that this version knows.", 2);
  const { latest } = data.checkpoint;
  if (latest == null) return data;
  const blank = blanked(latest as JsonObject, { type: "", path: "" }, crypter) as JsonObject;
  return {
    ...data,
    checkpoint: { ...data.checkpoint, latest: { ...blank, secrets_providers: { type: "passphrase", state: { salt: crypter.salt } } } },
  };
}

/** Where the provider bridge keeps what turns outputs back into Terraform's own state (pulumi-terraform-bridge, `rawstate.go`). */
const rawStateDelta = "__pulumi_raw_state_delta";

/** A resource's outputs without what a text in place of a secret would make untrue. */
function readable(outputs: JsonObject, inputs: JsonObject): JsonObject {
  if (!holdsSecret(outputs)) return outputs;
  const kept = Object.entries(outputs).flatMap(([key, value]): [string, Json][] => {
    // The delta is made for the secret's own form, and is partly secret itself; without it the bridge reads the outputs as they are.
    if (key === rawStateDelta) return [];
    if (!holdsSecret(value)) return [[key, value]];
    // A secret that no input sets may be empty, and a text in its place would be a change. Where the inputs hold a part of it as a
    // secret, the provider marks the whole: what it looks like only they say.
    const given = inputs[key];
    return given === undefined ? [] : [[key, isSealed(value) ? given : value]];
  });
  return Object.fromEntries(kept);
}

function holdsSecret(value: Json): boolean {
  if (isList(value)) return value.some(holdsSecret);
  return isSealed(value) || (isJsonObject(value) && Object.values(value).some(holdsSecret));
}

/** Where a value is: type of its resource, and the names on the way to it, `[]` for an item of a list. */
interface Place {
  /** Empty outside of resources. */
  readonly type: string;
  readonly path: string;
}

function blanked(value: Json, place: Place, crypter: Crypter): Json {
  if (isList(value)) return value.map((item) => blanked(item, inside(place, "[]"), crypter));
  if (!isJsonObject(value)) return value;
  if (isSealed(value)) return { [signatureKey]: secretSignature, ciphertext: crypter.encrypt(JSON.stringify(standAt(place))) };
  const { custom, type, inputs, outputs } = value;
  const isResource = custom === true && isJsonObject(inputs) && isJsonObject(outputs);
  const bag = isResource ? { ...value, outputs: readable(outputs, inputs) } : value;
  const below = (name: string): Place => (isResource ? { type: String(type), path: "" } : inside(place, name));
  return Object.fromEntries(Object.entries(bag).map(([name, inner]) => [name, blanked(inner, below(name), crypter)]));
}

function inside({ type, path }: Place, part: string): Place {
  return { type, path: path === "" ? part : `${path}/${part}` };
}

/**
 * What stands for a secret that is no text, by type and path. Providers mark what surrounds a secret as well, up to the whole property, and
 * read no list and no map out of a text. Every place where a shipped stack has a secret is here: `test/unit/pipeline/blankedForms.test.ts`.
 */
const stands: Readonly<Record<string, readonly (readonly [path: RegExp, stand: Json])[]>> = {
  "aws:elasticache/user:User": [[/^passwords$/, [placeholder]]],
  "aws:lb/listenerRule:ListenerRule": [
    [/^conditions(\/\[\]\/(queryStrings|httpHeader\/values))?$/, []],
    [/^conditions\/\[\]\/httpHeader$/, {}],
  ],
  // The program reads the password out of it.
  "aws:secretsmanager/secretVersion:SecretVersion": [[/^secretString$/, JSON.stringify({ username: "user", password: placeholder })]],
  "cloudflare:index/ruleset:Ruleset": [
    [/^rules$/, []],
    [/^rules\/\[\]\/actionParameters(\/headers(\/[^/]+)?)?$/, {}],
  ],
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": [
    [/^spec$/, {}],
    [/^spec\/rules(\/\[\]\/matches(\/\[\]\/headers)?)?$/, []],
  ],
};

function standAt({ type, path }: Place): Json {
  return stands[type]?.find(([where]) => where.test(path))?.[1] ?? placeholder;
}
