/**
 * The form of what stands for a secret. A provider may mark all that surrounds a secret as one, up to the whole property; a text in
 * place of a list or a map is no state that it can read.
 */
import "../../harness/quickSdk.ts"; // first: it changes the SDK that the others import
import { expect, test } from "vitest";
import { declare } from "../../../infra/program.ts";
import { withoutSecrets } from "../../../ops/ci/blankedState.ts";
import { newCrypter } from "../../../ops/ci/passphrase.ts";
import { isSealed, secretSignature, signatureKey } from "../../../ops/engine/sealed.ts";
import { isObject, type Properties, type Value } from "../../../sandbox/provider/values.ts";
import { configOf, exampleStacks } from "../../harness/config.ts";
import { graphOf } from "../../harness/graph.ts";

const crypter = newCrypter("sandbox");
const sealed = { [signatureKey]: secretSignature, ciphertext: "v1:bm90:aGVyZQ==" };

type Path = readonly (string | number)[];

/** What a secret is in, from the property down to itself, each with its form; a list below a secret as well. */
function placesOf(value: Value, path: Path = []): { readonly path: Path; readonly form: string }[] {
  const inner = isSealed(value) ? ((value as Properties).value as Value) : value;
  const form = Array.isArray(inner) ? "list" : isObject(inner) ? "map" : "text";
  const below = isSealed(value)
    ? []
    : Object.entries(isObject(inner) || Array.isArray(inner) ? inner : {}).flatMap(([key, item]) =>
        placesOf(item as Value, [...path, Array.isArray(inner) ? Number(key) : key]),
      );
  if (!isSealed(value) && below.length === 0) return [];
  return path.length === 0 ? below : [{ path, form }, ...below];
}

/** A bag in which what is at a path is a secret as a whole. */
function sealedAt(value: Value, [part, ...rest]: Path): Value {
  if (part === undefined) return sealed;
  if (Array.isArray(value)) return value.map((item, index) => (index === part ? sealedAt(item, rest) : item));
  return isObject(value) ? { ...value, [part]: sealedAt(value[part] as Value, rest) } : value;
}

/** Form of what the copy of a state has at a path where the state has a secret. */
function formInCopy(type: string, bag: Properties, path: Path): string {
  const held = JSON.parse(JSON.stringify(sealedAt(bag, path))) as Properties;
  const latest = { resources: [{ type, custom: true, inputs: held, outputs: held }] };
  const copy = JSON.parse(JSON.stringify(withoutSecrets({ version: 3, checkpoint: { latest } }, crypter)), (_, value) =>
    isSealed(value) && typeof value.ciphertext === "string" ? JSON.parse(crypter.decrypt(value.ciphertext)) : value,
  );
  const [{ inputs, outputs }] = copy.checkpoint.latest.resources;
  const [input, output] = [inputs, outputs].map((one) => path.reduce((value, part) => value?.[part], one));
  expect(output).toEqual(input);
  return Array.isArray(input) ? "list" : typeof input === "object" ? "map" : "text";
}

test("V31 what stands for a secret of a shipped stack has its form, wherever the provider marks it", {
  timeout: 60_000,
}, async () => {
  const places = new Map<string, { readonly wanted: string; readonly found: string }>();
  for (const stack of [...exampleStacks, "production", "staging"]) {
    const resources = (await graphOf(() => declare(configOf(stack)))).filter(({ custom }) => custom);
    for (const { type, checked, inputs } of resources)
      for (const bag of [checked, inputs])
        for (const { path, form } of placesOf(bag)) {
          const place = `${type} ${path.map((part) => (typeof part === "number" ? "[]" : part)).join(".")}`;
          // An element of a list has no name of its own: its form is that of the others, and no provider marks it alone.
          if (places.has(place) || (typeof path.at(-1) === "number" && form !== "text")) continue;
          places.set(place, { wanted: form, found: formInCopy(type, bag, path) });
        }
  }
  expect(places.size).toBeGreaterThan(0);
  const wrong = [...places].flatMap(([place, { wanted, found }]) => (wanted === found ? [] : [`${place} is a ${wanted}, not a ${found}`]));
  expect(wrong).toEqual([]);
});
