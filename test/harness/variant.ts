/**
 * The program with one property changed behind config's back, for reviews of what config refuses to ask for. Variants
 * are named by `SLIPWAY_VARIANT`; without it this is the program as it is.
 */
import "../../infra/engine/lightSdk.ts"; // first, as in infra/index.ts
import { runtime, secret } from "@pulumi/pulumi";
import { program } from "../../infra/program.ts";

type Edit = Readonly<Record<string, unknown>>;

/** New inputs by variant and type of resource. */
const variants: Readonly<Record<string, Readonly<Record<string, Edit>>>> = {
  databaseReplace: { "aws:rds/instance:Instance": { username: "somebody_else" } },
  plain: { "aws:kms/key:Key": { description: "canary-in-clear-7f3a91" } },
  secret: { "aws:kms/key:Key": { description: secret("canary-in-secret-52bd08") } },
  wide: {
    "aws:iam/rolePolicy:RolePolicy": {
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] }),
    },
  },
  alarming: { "aws:s3/bucketVersioning:BucketVersioning": { versioningConfiguration: { status: "Suspended" } } },
};

const edits = Object.assign({}, ...(process.env.SLIPWAY_VARIANT ?? "").split(",").map((name) => variants[name] ?? {})) as Readonly<
  Record<string, Edit>
>;

runtime.registerStackTransformation(({ type, props, opts }) => {
  const edit = edits[type];
  return edit === undefined ? undefined : { props: { ...props, ...edit }, opts };
});

export default program;
