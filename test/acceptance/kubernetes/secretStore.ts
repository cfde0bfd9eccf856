/**
 * Stands in for the External Secrets Operator: says of every ExternalSecret whether its values could be copied. It makes no Secret, as
 * no container reads one here.
 */
import { CustomObjectsApi, type KubeConfig, setHeaderOptions } from "@kubernetes/client-node";

const [group, version, plural] = ["external-secrets.io", "v1", "externalsecrets"] as const;
/** Milliseconds between two looks. */
const interval = 500;

interface ExternalSecret {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly generation: number };
  readonly spec: { readonly data?: readonly { readonly remoteRef: { readonly key: string } }[] };
  readonly status?: { readonly syncedResourceVersion?: string };
}

/** A store of secrets that has every value but those that are taken out of it. */
export class SecretStore {
  /** Keys of which the store has no value. */
  readonly lacking = new Set<string>();
  readonly #api: CustomObjectsApi;
  #timer: NodeJS.Timeout | undefined;

  constructor(admin: KubeConfig) {
    this.#api = admin.makeApiClient(CustomObjectsApi);
  }

  /** Answers from now on. */
  start(): void {
    const look = () => this.#look().catch(() => {}); // the next look meets whatever it was
    this.#timer = setTimeout(async () => {
      await look();
      if (this.#timer !== undefined) this.start();
    }, interval).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const { items } = (await this.#api.listCustomObjectForAllNamespaces({ group, version, resourcePlural: plural })) as {
      readonly items: readonly ExternalSecret[];
    };
    for (const { metadata, spec, status } of items) {
      const copied = !(spec.data ?? []).some(({ remoteRef }) => this.lacking.has(remoteRef.key));
      const seen = `${metadata.generation}-${copied}`;
      if (status?.syncedResourceVersion === seen) continue;
      const reason = copied ? "SecretSynced" : "SecretSyncedError";
      const now = new Date().toISOString();
      const ready = { type: "Ready", status: copied ? "True" : "False", reason, message: reason, lastTransitionTime: now };
      const { namespace, name } = metadata;
      await this.#api.patchNamespacedCustomObjectStatus(
        {
          group,
          version,
          plural,
          namespace,
          name,
          body: { status: { syncedResourceVersion: seen, refreshTime: now, conditions: [ready] } },
        },
        setHeaderOptions("Content-Type", "application/merge-patch+json"),
      );
    }
  }
}
