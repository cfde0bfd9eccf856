/** Runs a program under Pulumi's mocks and tells everything that it registered, options included. */

import "./quickSdk.ts"; // first: it changes the SDK that the others import
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";
import { engineName } from "../../components/physicalName.ts";
import { aws } from "../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../sandbox/cloud/cloud.ts";
import { cloudflare } from "../../sandbox/cloud/cloudflare/catalogue.ts";
import { identify, namesFromPrefixes } from "../../sandbox/cloud/identity.ts";
import { kubernetes } from "../../sandbox/cloud/kubernetes/catalogue.ts";
import { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { withSeed } from "../../sandbox/cloud/randomness.ts";
import { Resources } from "../../sandbox/provider/resources.ts";
import { type Properties, reveal } from "../../sandbox/provider/values.ts";
import { noteUnchecked } from "./uncheckedTypes.ts";

/** One registered resource. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** URN of the parent; empty for the stack itself. */
  readonly parent: string;
  readonly inputs: Properties;
  /** Inputs as the provider's check answered them: with names that it drew, and defaults. */
  readonly checked: Properties;
  readonly protect: boolean;
  /** A replacement comes after what it replaces has gone. */
  readonly deleteBeforeReplace: boolean;
  readonly replaceOnChanges: readonly string[];
  /** The engine forgets it and deletes nothing. */
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly dependsOn: readonly string[];
  /** URNs that the value of each property depends on. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  readonly aliases: readonly string[];
  /** URN and id of the provider that it is registered with; empty for the default one. */
  readonly provider: string;
}

/** Name of a resource before it is cut to what AWS takes. */
export function wholeName({ type, name, inputs: { tags } }: Pick<Registered, "type" | "name" | "inputs">): string {
  const tag = String((tags as Properties | undefined)?.Name);
  return engineName(type, tag) === name ? tag : name;
}

export interface GraphOptions {
  /** Run as a preview: ids and computed outputs are unknown. @default false */
  readonly preview?: boolean;
  /** Outputs that the stack reads of itself. @default none: a first update */
  readonly deployed?: Properties;
  /** Config of the run, by full key, as the engine hands it over. @default none */
  readonly config?: Readonly<Record<string, string>>;
  readonly stack?: string;
  /** What a preview knows of names: those in the state's inputs, by URN, are kept; others are drawn from the seed. @default none is known */
  readonly names?: { readonly seed: string; readonly state: ReadonlyMap<string, Properties> };
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProtect(): boolean;
  getDeletebeforereplace(): boolean;
  getReplaceonchangesList(): string[];
  getRetainondelete(): boolean;
  getCustom(): boolean;
  getObject(): { toJavaScript(): unknown };
  getIgnorechangesList(): string[];
  getProvider(): string;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
  getAliasesList(): { getUrn(): string }[];
}

type Answer = (error: unknown, response?: { getUrn(): string }) => void;

/** Only asked what would be: nothing is created in it. */
const store = emptyStore();
const clouds: Readonly<Record<string, Cloud>> = {
  aws: new Cloud(aws, store),
  cloudflare: new Cloud(cloudflare, store),
  kubernetes: new Cloud(kubernetes, store),
};
const place = { account: "123456789012", region: "us-east-1" };

/**
 * Registers everything that `declare` declares. Inputs are checked the way the simulated provider checks them, outputs
 * have its formats and are the same in every run. Waits for every registration.
 * @throws Error for refused inputs and for two resources with one URN
 */
export async function graphOf(declare: () => unknown, options: GraphOptions = {}): Promise<Registered[]> {
  const recorder = new Recorder(options.names);
  await runtime.setMocks(
    {
      call: ({ token, inputs }) => {
        if (token === "pulumi:pulumi:readStackOutputs") return { outputs: options.deployed ?? {}, secretOutputNames: [] };
        if (token === "aws:ecs/getService:getService") return recorder.steadyService(inputs);
        if (token === "aws:ecr/getImage:getImage") return { id: inputs.imageDigest }; // what config names was pushed
        if (token === "aws:ssm/getParameter:getParameter") return { id: inputs.name }; // and set
        if (token === "aws:secretsmanager/getSecretVersions:getSecretVersions") return { versions: [{ versionStages: ["AWSCURRENT"] }] };
        if (token === "cloudflare:index/getRulesets:getRulesets") return { rulesets: [] };
        return cloudOf(token)?.catalogue.invokes[token]?.(inputs, { store, place }) ?? {};
      },
      newResource: ({ type, name, inputs, custom }) => {
        if (!custom) return { id: undefined, state: inputs };
        // An id that is not given makes everything computed unknown, as in the preview of a creation.
        if (options.preview) return { id: undefined, state: options.names === undefined ? inputs : recorder.checkedInputs };
        const made = outputsOf(type, name, recorder.checkedInputs);
        return { id: made.id, state: made.properties };
      },
    },
    "slipway",
    options.stack ?? "production",
    options.preview ?? false,
    "organization",
  );
  runtime.setAllConfig(options.config ?? {});
  recorder.watch();
  await runtime.runInPulumiStack(async () => declare());
  await runtime.disconnect();
  noteTypes([]);
  return recorder.registered;
}

/** Has those types of a graph named that the sandbox has no facts of. @param graph one that was not declared just now */
export function noteTypes(graph: readonly Registered[]): void {
  for (const type of new Set(graph.filter(({ custom }) => custom).map((resource) => resource.type))) cloudOf(type)?.facts(type);
  for (const cloud of Object.values(clouds)) {
    noteUnchecked(cloud.unchecked);
    cloud.unchecked.clear();
  }
}

function emptyStore(): LiveStore {
  const folder = mkdtempSync(join(tmpdir(), "slipway-graph-"));
  try {
    return new LiveStore(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Wraps the mock monitor, which alone sees parents and options. */
class Recorder {
  readonly registered: Registered[] = [];
  /** Inputs of the resource that is being registered, as the provider's check returned them. */
  checkedInputs: Properties = {};
  readonly #names: GraphOptions["names"];
  readonly #urns = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(names: GraphOptions["names"]) {
    this.#names = names;
  }

  watch(): void {
    const monitor = runtime.getMonitor() as unknown as { registerResource: (request: RegisterRequest, answer: Answer) => Promise<void> };
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, answer) => {
      const urn = this.#urnOf(request);
      try {
        if (this.#taken.has(urn)) throw new Error(`two resources have the URN ${urn}`);
        this.#taken.add(urn);
        const inputs = asKept(request, request.getObject().toJavaScript() as Properties);
        const checked = this.#check(request, urn, inputs);
        this.checkedInputs = reveal(checked).plain;
        this.registered.push(this.#registeredOf(request, urn, inputs, checked));
      } catch (error) {
        answer(error);
        return Promise.resolve();
      }
      return register(request, (error, response) => {
        if (response !== undefined) this.#urns.set(response.getUrn(), urn);
        answer(error, response);
      });
    };
  }

  /** An ECS service that runs what it was declared with. */
  steadyService({ serviceName }: Properties): Properties {
    const service = this.registered.find(({ type, checked }) => type === "aws:ecs/service:Service" && checked.name === serviceName);
    if (service === undefined) throw new Error(`no ECS service ${String(serviceName)} is declared`);
    const { taskDefinition, desiredCount } = reveal(service.checked).plain;
    const primary = { id: "ecs-svc/1", status: "PRIMARY", taskDefinition, runningCount: desiredCount };
    return { desiredCount, pendingCount: 0, deployments: [primary] } as Properties;
  }

  #registeredOf(request: RegisterRequest, urn: string, inputs: Properties, checked: Properties): Registered {
    return {
      urn,
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      parent: this.#urns.get(request.getParent()) ?? "",
      inputs,
      checked,
      protect: request.getProtect(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      replaceOnChanges: request.getReplaceonchangesList(),
      retainOnDelete: request.getRetainondelete(),
      ignoreChanges: request.getIgnorechangesList(),
      dependsOn: request.getDependenciesList().map((dependency) => this.#urns.get(dependency) ?? dependency),
      references: Object.fromEntries(
        [...request.getPropertydependenciesMap().entries()].map(([property, dependencies]) => [
          property,
          dependencies.getUrnsList().map((dependency) => this.#urns.get(dependency) ?? dependency),
        ]),
      ),
      provider: request.getProvider(),
      aliases: request.getAliasesList().map((alias) => alias.getUrn()),
    };
  }

  /** The engine's own way to make a URN; the mock monitor takes only the last part of the parent's type. */
  #urnOf(request: RegisterRequest): string {
    const parent = this.#urns.get(request.getParent()) ?? "";
    const parentType = parent.split("::")[2] ?? "";
    const qualified = parentType === "" || parentType === "pulumi:pulumi:Stack" ? request.getType() : `${parentType}$${request.getType()}`;
    return `urn:pulumi:stack::slipway::${qualified}::${request.getName()}`;
  }

  #check(request: RegisterRequest, urn: string, inputs: Properties): Properties {
    const cloud = cloudOf(request.getType());
    if (!request.getCustom() || cloud === undefined) return inputs;
    const { failures, inputs: checked } = new Resources(cloud).check(
      urn,
      this.#names?.state.get(urn) ?? {},
      inputs,
      Buffer.from(this.#names === undefined ? "" : `${this.#names.seed} ${urn}`),
    );
    if (failures.length > 0)
      throw new Error(
        `${request.getType()} ${request.getName()}: ${failures.map(({ property, reason }) => `${property}: ${reason}`).join("; ")}`,
      );
    return checked;
  }
}

/** What a program draws once is the same in every run: an engine ignores what a later run draws. */
function asKept(request: RegisterRequest, inputs: Properties): Properties {
  if (!request.getIgnorechangesList().includes("secretString")) return inputs;
  const kept = createHash("sha1").update(request.getName()).digest("hex");
  return JSON.parse(JSON.stringify(inputs).replace(/"[0-9a-f]{40}"/, JSON.stringify(kept))) as Properties;
}

function cloudOf(type: string): Cloud | undefined {
  return clouds[type.slice(0, type.indexOf(":"))];
}

/** What a resource has once it is made: its id, and its inputs with what the cloud plans. @param at whose, and where @default the stack's own region */
export function outputsOf(type: string, name: string, inputs: Properties, at = place): { id: string; properties: Properties } {
  const cloud = cloudOf(type);
  if (cloud === undefined) return { id: `${name}-id`, properties: inputs };
  return withSeed(`${type} ${name}`, () =>
    identify(cloud.identity(type), { ...namesFromPrefixes(inputs), ...cloud.planned(type, inputs) }, at, store),
  );
}
