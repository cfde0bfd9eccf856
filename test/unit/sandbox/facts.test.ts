import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { combined, type FactsFile, factsOf, type PropertyFacts, type TypeFacts } from "../../../sandbox/facts/facts.ts";
import { type Patch, patchBetween, patched } from "../../../sandbox/facts/patch.ts";
import { remade } from "../../../tools/facts/files.ts";
import { parseSchema } from "../../../tools/facts/schema.ts";
import { typeFacts } from "../../../tools/facts/typeFacts.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const token = "aws:shop/shelf:Shelf";
const text = (type: object = {}) => ({ type: "string", ...type });

/** A package with one type that has everything that a schema can say. */
const shop = {
  name: "aws",
  version: "1.2.3",
  language: { nodejs: { compatibility: "tfbridge20" } },
  types: {
    "aws:shop/Board:Board": {
      type: "object",
      properties: { boards: { type: "array", items: { $ref: "#/types/aws:shop/Board:Board" } }, length: { type: "number" }, wood: text() },
      required: ["length"],
      language: { nodejs: { requiredOutputs: ["length", "wood"] } },
    },
    "aws:shop/Colour:Colour": { type: "string", enum: [{ value: "red" }, { value: "blue" }] },
  },
  resources: {
    [token]: {
      inputProperties: {
        boards: { type: "array", items: { $ref: "#/types/aws:shop/Board:Board" } },
        colour: { $ref: "#/types/aws:shop/Colour:Colour", willReplaceOnChanges: true },
        depth: { type: "integer", default: 30, deprecationMessage: 'Use the<span pulumi-lang-nodejs=" width " > width </span>instead.' },
        key: text({ secret: true }),
        labels: { type: "object", additionalProperties: text() },
        name: text(),
        owner: { type: "string", $ref: "#/types/aws:index/aRN:ARN" },
        plan: { $ref: "pulumi.json#/Archive" },
        shape: { oneOf: [text(), { $ref: "#/types/aws:shop/Colour:Colour" }] },
        top: { $ref: "#/types/aws:shop/Board:Board" },
      },
      requiredInputs: ["boards"],
      properties: { arn: text(), name: text(), boards: { type: "array", items: { $ref: "#/types/aws:shop/Board:Board" } } },
      required: ["arn", "boards", "name"],
    },
  },
};
const schema = parseSchema(JSON.stringify(shop), "shop.json");

describe("facts of a package schema", () => {
  it("are what it says of inputs, outputs, secrets, replacement, choices and blocks", () => {
    const fields = {
      boards: { optional: true, type: "list", elem: "any" },
      length: { required: true, type: "number" },
      wood: { computed: true, optional: true, type: "string" },
    };
    expect(typeFacts(schema, token).properties).toEqual({
      arn: { computed: true, type: "string" },
      boards: { required: true, type: "block-list", shape: "list", fields },
      colour: { optional: true, replaces: true, type: "string", enum: ["red", "blue"] },
      depth: { optional: true, type: "int", default: 30, deprecated: "Use the width instead." },
      key: { optional: true, secret: true, type: "string" },
      labels: { optional: true, type: "map", elem: "string" },
      name: { computed: true, optional: true, type: "string" },
      owner: { optional: true, type: "string" },
      plan: { optional: true, type: "archive" },
      shape: { optional: true, type: "string" },
      top: { optional: true, type: "block-list", shape: "object", maxItems: 1, fields },
    });
  });

  it("have no computed inputs where the package is none of the bridge's, and objects are objects", () => {
    const native = parseSchema(JSON.stringify({ ...shop, language: {} }), "shop.json");
    const { name, top } = typeFacts(native, token).properties;
    expect(name).toEqual({ optional: true, type: "string" });
    expect(top).toMatchObject({ type: "block-single", shape: "object" });
  });

  it("are refused for what is no package schema, with the command that prints one", () => {
    expect(() => parseSchema('{"resources":{}}', "notes.json")).toThrow(
      /^notes\.json is no package schema: name: .*`pulumi package get-schema <package>@<version>` prints one\.$/,
    );
    expect(() => parseSchema("", "empty.json")).toThrow(/^empty\.json is no JSON: SyntaxError: Unexpected end of JSON input$/);
  });

  it("leave extra facts only what the schema does not say by itself", () => {
    const extra: Patch = {
      terraform: "aws_shelf",
      properties: { arn: null, depth: { default: 30, range: [1, 60] }, name: { required: true } },
    };
    const before = { generated: { source: "", types: {} }, extra: { source: "the provider", types: { [token]: extra } } };
    const after = remade(before, schema, [token]);
    expect(after.generated.source).toBe("aws 1.2.3, by `pulumi package get-schema`");
    expect(after.extra).toEqual({
      source: "the provider",
      types: { [token]: { terraform: "aws_shelf", properties: { arn: null, depth: { range: [1, 60] }, name: { required: true } } } },
    });
    const whole = combined(after.generated.types[token], after.extra.types[token]);
    expect(whole?.properties.arn).toBeUndefined();
    expect(whole?.properties.depth).toMatchObject({ default: 30, range: [1, 60], optional: true });
  });
});

describe("a patch", () => {
  it("makes the one of the other, whatever differs", () => {
    const [before, after] = [
      { a: 1, b: { c: [1], d: 2 }, e: 3 },
      { a: 1, b: { c: [2], d: 2 }, f: { g: 1 } },
    ];
    expect(patchBetween<object>(before, after)).toEqual({ b: { c: [2] }, e: null, f: { g: 1 } });
    expect(patched<object>(before, patchBetween<object>(before, after))).toEqual(after);
    expect(patchBetween(after, after)).toEqual({});
  });
});

describe("sandbox/facts", () => {
  const files = globSync(join(root, "sandbox", "facts", "*", "*.json")).map((path) => ({
    path,
    content: JSON.parse(readFileSync(path, "utf8")) as FactsFile<TypeFacts>,
  }));

  it("names the source of every file", () => {
    expect(files.filter(({ content }) => content.source.length < 10)).toEqual([]);
  });

  it("says once that a change of the region replaces, for every type of AWS that has one", () => {
    const ofAws = files.filter(({ path }) => path.includes("/aws/")).flatMap(({ content }) => Object.keys(content.types));
    const regions = [...new Set(ofAws)].map((type) => factsOf(type)?.properties.region).filter((region) => region?.optional);
    expect(regions.length).toBeGreaterThan(100);
    expect(regions.filter((region) => region?.replaces !== true)).toEqual([]);
    const said = files.flatMap(({ content }) => Object.values(content.types)).filter(({ properties }) => properties?.region?.replaces);
    expect(said).toEqual([]);
  });

  it("knows a type for every property, so that no extra fact is of a property that is gone", () => {
    const typeless = (fields: Readonly<Record<string, PropertyFacts>>): string[] =>
      Object.entries(fields).flatMap(([name, facts]) => [...(facts.type === undefined ? [name] : []), ...typeless(facts.fields ?? {})]);
    const tokens = new Set(files.flatMap(({ content }) => Object.keys(content.types)));
    expect(tokens.size).toBeGreaterThan(130);
    for (const known of tokens) expect({ known, typeless: typeless(factsOf(known)?.properties ?? {}) }).toEqual({ known, typeless: [] });
  });

  it("knows every property that an id, a reference or a refusal of a cloud names, and the type of what it points at", () => {
    const types = [...new Set(files.flatMap(({ content }) => Object.keys(content.types)))];
    const unknown = types.flatMap((type) => misnamed(type).map((name) => `${type}: ${name}`));
    expect(types.flatMap((type) => factsOf(type)?.references ?? []).length).toBeGreaterThan(100);
    expect(unknown).toEqual([]);
  });

  it("says nothing twice: an extra fact is none that the schema tells", () => {
    for (const { path, content } of files.filter((file) => file.path.endsWith(".extra.json"))) {
      const generated = files.find((file) => file.path === path.replace(".extra.json", ".json"))?.content.types ?? {};
      for (const [type, extra] of Object.entries(content.types)) {
        const schemaFacts = generated[type];
        if (schemaFacts !== undefined) expect(patchBetween(schemaFacts, patched(schemaFacts, { ...extra }))).toEqual(extra);
      }
    }
  });
});

/** What the facts of a type's objects name that is no property of it, or no type. */
function misnamed(type: string): string[] {
  const { properties, identity = {}, references = [], uniques = [], refusals } = factsOf(type) ?? { properties: {} };
  const { key, autoName, outputs = {} } = identity;
  const given = new Set([...Object.keys(properties), ...Object.keys(outputs), "id"]);
  const holes = (text: string, more: readonly string[]) =>
    [...text.matchAll(/\{([\w.]+)\}/g)].flatMap(([, name = ""]) =>
      given.has(name) || more.includes(name) || /^(hex|digits)\d+$/.test(name) ? [] : [name],
    );
  const known = (names: readonly (string | undefined)[]) => names.filter((name) => name !== undefined && name !== "" && !given.has(name));
  return [
    ...holes(JSON.stringify(identity), ["account", "region", "uuid"]),
    ...holes(JSON.stringify(refusals ?? {}), ["value", "holder"]),
    ...uniques.flatMap(({ by, refusal }) => [...known(by), ...holes(refusal, [])]),
    ...known([key, autoName, ...references.map(({ from }) => /^\w+/.exec(from)?.[0])]),
    ...Object.keys(outputs).filter((name) => properties[name] === undefined),
    ...references.flatMap(({ to, by }) => [to].flat().filter((token) => factsOf(token) === undefined || by === "")),
    ...Object.keys(identity).filter((name) => !["id", "key", "outputs", "autoName", "nameLimit", "lowerCase"].includes(name)),
  ].map(String);
}

describe("npm run facts", () => {
  function folders() {
    const folder = mkdtempSync(join(tmpdir(), "slipway-facts-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "schema.json");
    mkdirSync(join(folder, "facts", "aws"), { recursive: true });
    writeFileSync(file, JSON.stringify(shop));
    const run = (...args: string[]) =>
      execa(process.execPath, [join(root, "tools", "facts", "facts.ts"), "--schema", file, "--folder", join(folder, "facts"), ...args], {
        reject: false,
        cwd: folder,
      });
    return { folder, file, run };
  }

  it("adds a type, and then has nothing to change until the schema says otherwise", async () => {
    const { folder, file, run } = folders();
    const added = await run(token);
    expect(added).toMatchObject({ exitCode: 0, stdout: `${token}: new\nfacts/aws/shop.json\n1 file written` });
    const { types } = JSON.parse(readFileSync(join(folder, "facts", "aws", "shop.json"), "utf8")) as FactsFile<TypeFacts>;
    expect(types[token]).toEqual(typeFacts(schema, token));
    expect(await run("--check")).toMatchObject({ exitCode: 0, stdout: "The facts are what the schemas say." });
    writeFileSync(file, JSON.stringify(shop).replace('"secret":true', '"secret":false'));
    expect(await run("--check")).toMatchObject({
      exitCode: 1,
      stdout: `${token}: {"properties":{"key":{"secret":null}}}\n1 file would change: npm run facts`,
    });
  });

  it("asks the plugin of the SDK's version where no schema is given, and tells how to get one that is missing", async () => {
    const { folder, file } = folders();
    const version = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> }).dependencies[
      "@pulumi/aws"
    ];
    const pulumi = join(folder, "pulumi");
    writeFileSync(
      pulumi,
      `#!/bin/sh\ncase "$*" in version) echo v3.276.0 ;; "package get-schema aws@${version}") cat "${file}" ;; *) echo "error downloading provider. Will retry [5/5]error: no $3\ncontext canceled" >&2; exit 1 ;; esac\n`,
      { mode: 0o755 },
    );
    const run = (type: string) =>
      execa(process.execPath, [join(root, "tools", "facts", "facts.ts"), "--folder", join(folder, "facts"), type], {
        reject: false,
        env: { PATH: [folder, process.env.PATH].join(delimiter), SLIPWAY_CACHE: join(folder, "cache") },
      });
    expect(await run(token)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`${token}: new`) as unknown });
    const { exitCode, stderr } = await run("cloudflare:index/queue:Queue");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^`pulumi package get-schema cloudflare@[\d.]+`: error: no cloudflare@[\d.]+\nInstall it: pulumi plugin install resource cloudflare [\d.]+; or give the schema as a file: --schema <file>$/,
    );
  });

  it("refuses a type that the schema does not have, and tells the nearest", async () => {
    const { run } = folders();
    expect(await run("aws:shop/shelve:Shelve")).toMatchObject({
      exitCode: 1,
      stderr: `aws:shop/shelve:Shelve is not in the schema of aws 1.2.3; nearest is ${token}`,
    });
  });
});
