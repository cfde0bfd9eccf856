/** What a cluster is given of other projects: custom resource definitions and KWOK's stages, from the Go modules that `modules/go.mod` pins. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { execa } from "execa";
import { parse } from "yaml";
import { MissingPrerequisite } from "../prerequisites.ts";

const wanted = {
  gatewayApi: "sigs.k8s.io/gateway-api",
  externalSecrets: "github.com/external-secrets/external-secrets",
  kwok: "sigs.k8s.io/kwok",
} as const;

interface Module {
  readonly Path: string;
  readonly Version: string;
  readonly Dir: string;
}

/** What the modules hold. */
export interface ClusterModules {
  /** Definitions of what a stack uses of the Gateway API's standard channel and of the External Secrets Operator. */
  readonly definitions: readonly KubernetesObject[];
  /** Files that tell KWOK how nodes and pods get ready. */
  readonly stages: readonly string[];
  /** By module, without the `v`. */
  readonly versions: Readonly<Record<keyof typeof wanted, string>>;
}

/** Downloads the modules that are not here yet. @throws MissingPrerequisite when Go or one of them cannot be had */
export async function clusterModules(): Promise<ClusterModules> {
  const options = { cwd: join(import.meta.dirname, "modules"), reject: false, stdin: "ignore", env: { GOWORK: "off" } } as const;
  const command = ["mod", "download", "-json", ...Object.values(wanted)];
  const { exitCode, stdout = "", stderr, message } = await execa("go", command, options);
  if (exitCode !== 0)
    throw new MissingPrerequisite(
      `The definitions of a cluster could not be had. This failed:\n  go ${command.join(" ")}\n${`${stdout}\n${stderr || message}`.trim()}`,
    );
  const modules = JSON.parse(`[${stdout.replaceAll("}\n{", "},{")}]`) as Module[];
  const found = (path: string) => modules.find(({ Path }) => Path === path) ?? { Path: path, Version: "", Dir: "" };
  const files = (path: string, pattern: string) => globSync(join(found(path).Dir, pattern)).sort();
  const definitions = [
    ...files(wanted.gatewayApi, "config/crd/standard/gateway.networking.k8s.io_{gatewayclasses,gateways,httproutes}.yaml"),
    ...files(wanted.externalSecrets, "config/crds/bases/external-secrets.io_{externalsecrets,clustersecretstores}.yaml"),
  ];
  return {
    definitions: definitions.map((file) => parse(readFileSync(file, "utf8")) as KubernetesObject),
    stages: files(wanted.kwok, "kustomize/stage/{node/fast,node/heartbeat-with-lease,pod/fast}/{node,pod}-*.yaml"),
    versions: {
      gatewayApi: found(wanted.gatewayApi).Version.slice(1),
      externalSecrets: found(wanted.externalSecrets).Version.slice(1),
      kwok: found(wanted.kwok).Version.slice(1),
    },
  };
}
