/** Simulated Kubernetes: the API server's part that a Pulumi program sees, over the same generic provider. */
import { factsOf, type TypeFacts } from "../../facts/facts.ts";
import { isObject, type Properties } from "../../provider/values.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Identity } from "../identity.ts";
import { randomHex, randomUuid } from "../randomness.ts";
import { targetOf, unreachable } from "./cluster.ts";
import { text } from "./names.ts";
import { outcomes, unready } from "./readiness.ts";
import { rulesOf } from "./rules.ts";

/** Kinds that the API server of the sandbox knows: its own, and those of the Gateway API and of External Secrets. */
export const kinds = [
  ...["core/v1:Namespace", "core/v1:ConfigMap", "core/v1:Secret", "core/v1:Service", "core/v1:ServiceAccount"],
  "apps/v1:Deployment",
  "autoscaling/v2:HorizontalPodAutoscaler",
  "policy/v1:PodDisruptionBudget",
  "networking.k8s.io/v1:NetworkPolicy",
  "gateway.networking.k8s.io/v1:HTTPRoute",
  "external-secrets.io/v1:ExternalSecret",
].map((kind) => `kubernetes:${kind}`);

/** What every kind has. */
const common: TypeFacts = { framework: true, open: true, properties: commonProperties() };

const identity: Identity = {
  id: (object) => objectName(object) || randomHex(8),
  autoName: "",
  namedBy: objectName,
  compute: ({ metadata, spec }) => ({
    metadata: {
      ...(isObject(metadata) ? metadata : {}),
      uid: randomUuid(),
      resourceVersion: "1",
      generation: 1,
      creationTimestamp: "2026-01-01T00:00:00Z",
    },
    ...(spec === undefined ? {} : { spec }),
    status: {},
  }),
  revise: revised,
};

/** An object that was written anew. */
export function revised(before: Properties, { metadata, ...next }: Properties): Properties {
  const old = isObject(before.metadata) ? before.metadata : {};
  const changed = JSON.stringify(before.spec) !== JSON.stringify(next.spec);
  return {
    ...next,
    metadata: {
      ...(isObject(metadata) ? metadata : {}),
      uid: old.uid ?? "",
      creationTimestamp: old.creationTimestamp ?? "",
      resourceVersion: String(Number(old.resourceVersion ?? 1) + 1),
      // Only a change of what is wanted makes a new generation; labels and annotations do not.
      generation: Number(old.generation ?? 1) + (changed ? 1 : 0),
    },
  };
}

export const kubernetes: Catalogue = {
  packageName: "kubernetes",
  version: "4.34.2",
  facts: factsOf,
  commonFacts: common,
  identities: {},
  otherIdentity: () => identity,
  rules: Object.fromEntries(kinds.map((token) => [token, rulesOf(token)])),
  outcomes,
  unready,
  invokes: {},
  isGlobal: () => true,
  appliesOnServer: true,
  // The provider's own schema: it "will only be replaced when clusterIdentifier changes".
  replacedBy: ["clusterIdentifier"],
  unreachable,
  configure: (config) => {
    const { cluster, token } = targetOf(config);
    return { account: cluster, region: "", forces: config.enablePatchForce === true, ...(token === undefined ? {} : { token }) };
  },
};

function commonProperties(): TypeFacts["properties"] {
  const every = new Set(["apiVersion", "kind", "metadata", "status"]);
  const { properties = {} } = factsOf("kubernetes:core/v1:ConfigMap") ?? {};
  return Object.fromEntries(Object.entries(properties).filter(([name]) => every.has(name)));
}

/** Namespace and name, as the provider's ids are. */
function objectName({ metadata }: Properties): string {
  return [text(metadata, "namespace"), text(metadata, "name")].filter((part) => part !== "").join("/");
}
