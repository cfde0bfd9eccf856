/** JSON with outputs in it says what the SDK's own says, and is as secret and as unknown as what is in it. */
import "../harness/quickSdk.ts";
import { jsonStringify, Output, output, runtime, secret, unknown } from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import { jsonText } from "../../components/jsonText.ts";

interface Known {
  promise(): Promise<unknown>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
}

const seen = async (text: Output<string>) => {
  const { isKnown, isSecret } = text as unknown as Known;
  return { text: await (text as unknown as Known).promise(), known: await isKnown, secret: await isSecret };
};

beforeEach(() => runtime.setMocks({ call: () => ({}), newResource: ({ name, inputs }) => ({ id: name, state: inputs }) }));

const name = output("api");
const document = {
  absent: undefined,
  list: [1, name, undefined, { deep: [name, output({ within: name })] }],
  text: "plain",
  nothing: null,
};

test("plain values and outputs, at any depth and more than once", async () => {
  const found = await seen(jsonText(document));
  expect(found).toEqual(await seen(jsonStringify(document)));
  expect(found).toEqual({
    text: '{"list":[1,"api",null,{"deep":["api",{"within":"api"}]}],"text":"plain","nothing":null}',
    known: true,
    secret: false,
  });
});

test("a secret in it makes it a secret", async () => {
  expect(await seen(jsonText({ ...document, password: secret("p") }))).toMatchObject({ known: true, secret: true });
});

test("something unknown in it makes it unknown", async () => {
  const later = new (Output as unknown as new (...args: unknown[]) => Output<string>)(
    [],
    Promise.resolve(unknown),
    Promise.resolve(false),
    Promise.resolve(false),
    Promise.resolve(new Set()),
  );
  expect(await seen(jsonText({ ...document, later }))).toMatchObject({ known: false, secret: false });
});
