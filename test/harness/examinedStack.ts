/** A stack as `slipway doctor` meets it: a simulated cloud of its own in which all is there, until a test takes something away. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openAws } from "../../ops/aws/open.ts";
import type { Line } from "../../ops/doctor/line.ts";
import { examined } from "../../ops/doctor/probe.ts";
import { probesOf } from "../../ops/doctor/probes.ts";
import { quotaNeeds } from "../../ops/doctor/quotas.ts";
import { wantedSecrets } from "../../ops/doctor/secrets.ts";
import { type Backend, stateFile } from "../../ops/engine/backend.ts";
import { openSession } from "../../ops/engine/commands.ts";
import type { StateResource } from "../../ops/engine/state.ts";
import type { NamedStack } from "../../ops/project/stack.ts";
import { wantedImages } from "../../ops/release/heldImages.ts";
import { setValue } from "../../ops/secrets/values.ts";
import { pushImage } from "../../sandbox/cloud/aws/images.ts";
import type { Properties } from "../../sandbox/provider/values.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { configOf, type Edits } from "./config.ts";

export class ExaminedStack implements Disposable {
  readonly stack: NamedStack;
  readonly #folder = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  readonly #backend = { kind: "sandbox", folder: this.#folder, real: [] } as const;

  /** @param backend of the stack @default the simulated cloud's */
  constructor(stack: string, edits: Edits = {}, backend?: Backend) {
    const project = { folder: this.#folder, name: "slipway", runtimeOptions: {} };
    const name = stack.split("/").at(-1) ?? "";
    this.stack = {
      ...{ project, name, file: join(this.#folder, `Pulumi.${name}.yaml`), config: configOf(stack, edits) },
      backend: backend ?? this.#backend,
    };
  }

  /** The cloud has the images and secrets that config names, and quotas that are just enough. */
  async complete(): Promise<this> {
    const { config } = this.stack;
    const store = openLiveStore(this.#folder);
    for (const { account, region, repository, images } of wantedImages(config)) {
      this.put("aws:ecr/repository:Repository", repository, { name: repository }, { account, region });
      if (account !== config.aws.accountId) {
        const pull = ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:DescribeRepositories"];
        const statement = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${config.aws.accountId}:root` }, Action: pull };
        const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
        this.put("aws:ecr/repositoryPolicy:RepositoryPolicy", repository, { repository, policy }, { account, region });
      }
      for (const { digest } of images) pushImage(store, { account, region }, { repository, digest });
    }
    for (const { service, code, region, needed } of quotaNeeds(config))
      this.put("aws:servicequotas/serviceQuota:ServiceQuota", `${service}/${code}`, { value: Math.ceil(needed) }, { region });
    const aws = openAws(this.stack);
    for (const entry of wantedSecrets(config)) {
      const { name, region, keyAlias } = entry;
      if (keyAlias !== undefined) this.put("aws:kms/alias:Alias", keyAlias, {}, { region });
      if (entry.store === "secretsManager") this.put("aws:secretsmanager/secret:Secret", name, { name }, { region });
      await setValue(aws, entry, "x".repeat(entry.minimumLength), "");
    }
    return this;
  }

  /** Puts something into the simulated cloud. */
  put(type: string, id: string, properties: Properties, place: { readonly account?: string; readonly region?: string } = {}): void {
    const { accountId, region } = this.stack.config.aws;
    const scope = `${place.account ?? accountId}/${place.region ?? region}`;
    openLiveStore(this.#folder).put({ type, id, scope, properties, createdFor: "" });
  }

  /** Puts something of Cloudflare or of a cluster into the simulated cloud. @param id @default the stack's zone's */
  putIn(scope: string, type: string, properties: Properties, id = this.stack.config.dns.zoneId): void {
    openLiveStore(this.#folder).put({ type, id, scope, properties, createdFor: "" });
  }

  /** Takes everything of a type out of the simulated cloud. @param region @default every region */
  remove(type: string, region = ""): void {
    const store = openLiveStore(this.#folder);
    for (const object of store.all(type)) if (object.scope.endsWith(region)) store.delete(object);
  }

  /** What the last update left. */
  state(...resources: readonly Omit<StateResource, "urn">[]): void {
    const file = stateFile(this.#backend, this.stack.project, this.stack.name);
    mkdirSync(dirname(file), { recursive: true });
    const latest = { resources: resources.map((resource, index) => ({ urn: `urn:${index}`, custom: true, ...resource })) };
    writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { latest } }));
  }

  /** What doctor says. */
  async lines(): Promise<Line[]> {
    const session = openSession(this.stack);
    return examined(await probesOf(this.stack, session, `--stack ${this.stack.name}`), "slipway doctor");
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
