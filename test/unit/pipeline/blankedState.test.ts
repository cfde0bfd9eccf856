/** What the copy of a state holds in place of secrets, so that a provider finds in it a state of its own and no change. */
import { expect, test } from "vitest";
import { withoutSecrets } from "../../../ops/ci/blankedState.ts";
import { newCrypter } from "../../../ops/ci/passphrase.ts";

const signature = "4dabf18193072939515e22adb298388d";
const secret = { [signature]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:bm90:aGVyZQ==" };
const crypter = newCrypter("sandbox");

interface Resource {
  readonly type?: string;
  readonly custom: boolean;
  readonly inputs: object;
  readonly outputs: object;
}

/** A copied resource, with what stands for its secrets in clear. */
function copied(resource: Resource, how: "resources" | "pending_operations" = "resources"): unknown {
  const latest = how === "resources" ? { resources: [resource] } : { pending_operations: [{ type: "updating", resource }] };
  const copy = withoutSecrets({ version: 3, checkpoint: { latest } }, crypter) as {
    readonly checkpoint: {
      readonly latest: { readonly resources?: unknown[]; readonly pending_operations?: { readonly resource: unknown }[] };
    };
  };
  const { resources, pending_operations } = copy.checkpoint.latest;
  const found = resources?.[0] ?? pending_operations?.[0]?.resource;
  expect(JSON.stringify(found)).not.toContain(secret.ciphertext);
  return JSON.parse(JSON.stringify(found), (_, value) =>
    typeof value === "object" && value !== null && "ciphertext" in value ? JSON.parse(crypter.decrypt(value.ciphertext)) : value,
  );
}

const stand = "secret-not-readable-in-this-preview-0000";

test.each(["resources", "pending_operations"] as const)(
  "%s: the bridge's delta, which holds a part of the raw state as a secret, is left out",
  (how) => {
    const outputs = { cidrIpv4: "0.0.0.0/0", __pulumi_raw_state_delta: { obj: { ps: { timeouts: secret } } } };
    expect(copied({ custom: true, inputs: {}, outputs }, how)).toEqual({ custom: true, inputs: {}, outputs: { cidrIpv4: "0.0.0.0/0" } });
  },
);

test("a delta that would be laid over what stands for a secret is left out, any other is kept", () => {
  const delta = { obj: { ps: { password: { num: {} } } } };
  const inputs = { password: secret, port: 5432 };
  expect(copied({ custom: true, inputs, outputs: { ...inputs, __pulumi_raw_state_delta: delta } })).toEqual({
    custom: true,
    inputs: { password: stand, port: 5432 },
    outputs: { password: stand, port: 5432 },
  });
  const clear = { custom: true, inputs: { port: 5432 }, outputs: { port: 5432, __pulumi_raw_state_delta: delta } };
  expect(copied(clear)).toEqual(clear);
});

test("a secret that the provider answered and no input sets may be empty: a text in its place would be a change", () => {
  const outputs = { arn: "arn", privateKey: secret, nested: [{ token: secret }] };
  expect(copied({ custom: true, inputs: { domainName: "a.example" }, outputs })).toMatchObject({ outputs: { arn: "arn" } });
  expect(copied({ custom: true, inputs: { domainName: "a.example" }, outputs })).not.toHaveProperty("outputs.privateKey");
  expect(copied({ custom: true, inputs: { domainName: "a.example" }, outputs })).not.toHaveProperty("outputs.nested");
});

test("V31 an output that is a secret as a whole, of which the inputs hold only a part as one, keeps the form of the inputs", () => {
  const conditions = [{ httpHeader: { httpHeaderName: "x-candidate", values: [secret] } }];
  const shown = [{ httpHeader: { httpHeaderName: "x-candidate", values: [stand] } }];
  expect(copied({ custom: true, inputs: { conditions }, outputs: { arn: "arn", conditions: secret } })).toEqual({
    custom: true,
    inputs: { conditions: shown },
    outputs: { arn: "arn", conditions: shown },
  });
});

test("outputs of components and of the stack are the program's own, and stay", () => {
  expect(copied({ custom: false, inputs: {}, outputs: { kubeconfig: secret } })).toMatchObject({ outputs: { kubeconfig: stand } });
});

test("conditions of a listener's rule, secret as a whole in the inputs too, stay a list", () => {
  const rule = { type: "aws:lb/listenerRule:ListenerRule", custom: true };
  const conditions = { conditions: secret };
  expect(copied({ ...rule, inputs: conditions, outputs: conditions })).toEqual({
    ...rule,
    inputs: { conditions: [] },
    outputs: { conditions: [] },
  });
});
