/** A cluster as a stack expects to find it, and what people do to it without the stack's knowing. */
import { setTimeout as pause } from "node:timers/promises";
import {
  ApiException,
  AuthenticationV1Api,
  CoreV1Api,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { expect } from "../checks.ts";
import type { ControlPlane } from "./controlPlane.ts";
import { deployer, givenObjects } from "./givenObjects.ts";

/** The namespace that stacks make here. */
export const namespace = "coinestate";

/** Seconds that the API server may remember a token that has been revoked. */
const longestMemory = 60;

/** Credentials that can be taken back. */
export interface Credentials {
  readonly token: string;
  /** The API server refuses the token from then on. */
  readonly revoke: () => Promise<void>;
}

/** An object with what these checks look at. */
export interface LiveObject extends KubernetesObject {
  readonly spec?: unknown;
  readonly status?: unknown;
}

export class Cluster {
  readonly controlPlane: ControlPlane;
  readonly #admin: KubeConfig;
  readonly #objects: KubernetesObjectApi;
  readonly #core: CoreV1Api;

  constructor(controlPlane: ControlPlane) {
    this.controlPlane = controlPlane;
    this.#admin = controlPlane.admin;
    this.#objects = KubernetesObjectApi.makeApiClient(this.#admin);
    this.#core = this.#admin.makeApiClient(CoreV1Api);
  }

  /** Makes what a stack needs and does not make: definitions, nodes, a Gateway, and a user with the documented rights. */
  async prepare(definitions: readonly KubernetesObject[]): Promise<void> {
    for (const definition of definitions) await this.#objects.create(definition);
    await Promise.all(definitions.map((definition) => this.#established(definition)));
    for (const object of givenObjects()) await this.#objects.create(object);
  }

  /** New credentials of the user with the documented rights. @param name tells them from others */
  async credentials(name: string): Promise<Credentials> {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: deployer.namespace } } as const;
    await this.#objects.create(secret);
    const { status } = await this.#core.createNamespacedServiceAccountToken({
      ...deployer,
      // A token that belongs to an object is refused once the object is gone.
      body: { spec: { audiences: [], expirationSeconds: 86_400, boundObjectRef: { apiVersion: "v1", kind: "Secret", name } } },
    });
    const token = status?.token ?? "";
    return { token, revoke: () => this.#revoke(secret, token) };
  }

  /** An object; undefined when there is none. */
  async read(apiVersion: string, kind: string, name: string, within?: string): Promise<LiveObject | undefined> {
    try {
      return await this.#objects.read({ apiVersion, kind, metadata: { name, ...(within === undefined ? {} : { namespace: within }) } });
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return undefined;
      throw error;
    }
  }

  /** An object. @throws Error when there is none */
  async required(...place: Parameters<Cluster["read"]>): Promise<LiveObject> {
    const found = await this.read(...place);
    expect(found !== undefined, `the cluster has no ${place.slice(1).join(" ")}`);
    return found;
  }

  /** Changes fields of an object as somebody else. @param manager that somebody, as `kubectl` or a controller calls itself */
  async edit(object: LiveObject, manager: string): Promise<void> {
    await this.#objects.patch(object, undefined, undefined, manager, undefined, PatchStrategy.MergePatch);
  }

  /** Says whether new pods find a node. */
  async admitPods(admitted: boolean): Promise<void> {
    const { items } = await this.#core.listNode();
    for (const { metadata } of items)
      await this.edit(
        { apiVersion: "v1", kind: "Node", metadata: { name: metadata?.name ?? "" }, spec: { unschedulable: !admitted } },
        "kubectl-cordon",
      );
  }

  /** Ends the pods of a colour. New ones come where a node takes them. */
  async endPods(colour: "blue" | "green"): Promise<void> {
    await this.#core.deleteCollectionNamespacedPod({ namespace, labelSelector: `version=${colour}` });
  }

  /** Removes the namespace of a stack that could not be destroyed, so that the next one finds none. */
  async removeNamespace(): Promise<void> {
    const found = await this.read("v1", "Namespace", namespace);
    if (found === undefined) return;
    await this.#core.deleteNamespace({ name: namespace });
    await this.until("the namespace is gone", 120, async () => (await this.read("v1", "Namespace", namespace)) === undefined);
  }

  async #established({ metadata }: KubernetesObject): Promise<void> {
    await this.until(`the API server serves ${metadata?.name}`, 60, async () => {
      const { status } = (await this.read("apiextensions.k8s.io/v1", "CustomResourceDefinition", metadata?.name ?? "")) ?? {};
      const { conditions } = (status ?? {}) as {
        readonly conditions?: readonly { readonly type: string; readonly status: string }[] | null;
      };
      return conditions?.some((one) => one.type === "Established" && one.status === "True") ?? false;
    });
  }

  async #revoke(secret: KubernetesObject, token: string): Promise<void> {
    await this.#objects.delete(secret);
    const { controlPlane } = this;
    const asked = controlPlane.kubeconfig({ name: deployer.name, token }).makeApiClient(AuthenticationV1Api);
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    await this.until("the API server refuses the old token", longestMemory, () =>
      asked.createSelfSubjectReview({ body }).then(
        () => false,
        (error: unknown) => error instanceof ApiException && error.code === 401,
      ),
    );
  }

  /** Waits for something. @param seconds at most @throws Error when it does not come */
  async until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + seconds * 1000; !(await holds()); await pause(200)) {
      const ended = this.controlPlane.ended();
      expect(Date.now() < end && ended.length === 0, [`not within ${seconds} s: ${what}`, ...ended].join("\n"));
    }
  }
}
