/** Simulated Kubernetes: the API server's part that a Pulumi program sees, over the same generic provider. */

import type { PropertyFacts, TypeFacts } from "../../facts/facts.ts";
import { isObject, type Properties } from "../../provider/values.ts";
import { type Catalogue, CloudError, type Rule } from "../catalogue.ts";
import type { Identity } from "../identity.ts";

const anything: PropertyFacts = { type: "any", optional: true };
const fixed: PropertyFacts = { type: "any", optional: true, replaces: true };

const object = (fields: Readonly<Record<string, PropertyFacts>>): TypeFacts => ({
  properties: {
    apiVersion: { type: "string", optional: true },
    kind: { type: "string", optional: true },
    metadata: {
      type: "block-single",
      shape: "object",
      optional: true,
      fields: {
        name: { type: "string", optional: true, replaces: true },
        namespace: { type: "string", optional: true, replaces: true },
        generateName: { type: "string", optional: true },
        labels: { type: "map", elem: "string", optional: true },
        annotations: { type: "map", elem: "string", optional: true },
        finalizers: { type: "list", elem: "string", optional: true },
        uid: { type: "string", computed: true },
        resourceVersion: { type: "string", computed: true },
        generation: { type: "int", computed: true },
        creationTimestamp: { type: "string", computed: true },
      },
    },
    ...fields,
    status: { type: "any", computed: true },
  },
});

const withSpec = object({ spec: anything });

/** Kinds that the API server of the sandbox knows. */
const kinds: Readonly<Record<string, TypeFacts>> = {
  "kubernetes:core/v1:Namespace": withSpec,
  "kubernetes:core/v1:ConfigMap": object({ data: anything, binaryData: anything, immutable: { type: "bool", optional: true } }),
  "kubernetes:core/v1:Secret": object({
    data: { type: "map", elem: "string", optional: true, secret: true },
    stringData: { type: "map", elem: "string", optional: true, secret: true },
    type: fixed,
    immutable: { type: "bool", optional: true },
  }),
  "kubernetes:core/v1:Service": withSpec,
  "kubernetes:core/v1:ServiceAccount": object({
    automountServiceAccountToken: { type: "bool", optional: true },
    imagePullSecrets: anything,
    secrets: anything,
  }),
  "kubernetes:apps/v1:Deployment": withSpec,
};

const identity: Identity = {
  id: ({ metadata }) => [namespaceOf(metadata), nameOf(metadata)].filter((part) => part !== "").join("/"),
  autoName: "",
  compute: ({ metadata }) => ({
    metadata: {
      ...(isObject(metadata) ? metadata : {}),
      uid: crypto.randomUUID(),
      resourceVersion: "1",
      generation: 1,
      creationTimestamp: "2026-01-01T00:00:00Z",
    },
    status: {},
  }),
};

/** A namespaced object needs its namespace to exist. */
const needsNamespace: Rule = {
  on: "create",
  enforce: ({ metadata }, { store }) => {
    const name = namespaceOf(metadata);
    const built = ["", "default", "kube-system", "kube-public", "kube-node-lease"];
    const exists = built.includes(name) || store.all("kubernetes:core/v1:Namespace").some(({ id }) => id === name);
    if (!exists) throw new CloudError("NotFound", `namespaces "${name}" not found`);
  },
};

/** The selector of a Deployment cannot change, and must select its own pods. */
const selectsItsPods: Rule = {
  on: "create",
  enforce: ({ spec, metadata }) => {
    const selector = isObject(spec) && isObject(spec.selector) ? spec.selector.matchLabels : undefined;
    const template =
      isObject(spec) && isObject(spec.template) && isObject(spec.template.metadata) ? spec.template.metadata.labels : undefined;
    const labels = isObject(template) ? template : {};
    const selected =
      isObject(selector) && Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);
    if (!selected)
      throw new CloudError(
        "Invalid",
        `Deployment.apps "${nameOf(metadata)}" is invalid: spec.template.metadata.labels: \`selector\` does not match template \`labels\``,
      );
  },
};

export const kubernetes: Catalogue = {
  packageName: "kubernetes",
  version: "4.34.2",
  facts: (token) => kinds[token],
  identities: Object.fromEntries(Object.keys(kinds).map((token) => [token, identity])),
  references: {},
  refusals: {},
  uniques: {},
  rules: Object.fromEntries(
    Object.keys(kinds).map((token) => [
      token,
      token === "kubernetes:apps/v1:Deployment" ? [needsNamespace, selectsItsPods] : [needsNamespace],
    ]),
  ),
  invokes: {},
  isGlobal: () => true,
  configure: () => ({ account: "cluster", region: "" }),
};

function namespaceOf(metadata: Properties[string] | undefined): string {
  return isObject(metadata) && typeof metadata.namespace === "string" ? metadata.namespace : "";
}

function nameOf(metadata: Properties[string] | undefined): string {
  return isObject(metadata) ? String(metadata.name ?? "") : "";
}
