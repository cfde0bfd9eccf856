/** The programs of a Kubernetes cluster and the real provider plugin, in a folder that the environment names. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import { MissingPrerequisite, sdkVersions } from "../prerequisites.ts";

/** Environment variable that names the folder. */
export const binariesVariable = "SLIPWAY_K8S_BIN";

const controlPlane = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;

/** A component of the control plane. */
export type Component = (typeof controlPlane)[number];

/** A program and what it is started with before its own flags. */
export type Command = readonly [program: string, ...words: string[]];

/** How each program is started. */
export interface Binaries {
  readonly controlPlane: Readonly<Record<Component, Command>>;
  /** KWOK, in the place of the kubelets. */
  readonly nodes: Command;
  /** The provider plugin. */
  readonly plugin: string;
}

/**
 * The programs: each by its own name, or all of the control plane as one, `cluster`, that is told by its first word which it is.
 * @throws MissingPrerequisite naming everything that is missing, and where it is had
 */
export function findBinaries(environment: NodeJS.ProcessEnv = process.env): Binaries {
  const folder = environment[binariesVariable] ?? "";
  if (folder === "") throw missing(`${binariesVariable} is not set; allowed: the folder of these programs.`);
  if (!existsSync(folder)) throw missing(`${binariesVariable} is ${folder}, which does not exist; allowed: the folder of these programs.`);
  const at = (name: string) => (existsSync(join(folder, name)) ? join(folder, name) : undefined);
  const whole = at("cluster");
  const command = (name: Component): Command | undefined => {
    const own = at(name) ?? whole;
    return own === undefined ? undefined : own === whole ? [own, name] : [own];
  };
  const found = Object.fromEntries(controlPlane.map((name) => [name, command(name)]));
  const nodes = at("kwok") ?? at("nodes");
  const plugin = at(pluginName);
  const lacking = [
    ...controlPlane.filter((name) => found[name] === undefined),
    ...(nodes ? [] : ["kwok"]),
    ...(plugin ? [] : [pluginName]),
  ];
  if (lacking.length > 0 || nodes === undefined || plugin === undefined)
    throw missing(`${binariesVariable} is ${folder}, where there is no ${lacking.join(", no ")}.`);
  return { controlPlane: found as Record<Component, Command>, nodes: [nodes], plugin };
}

const pluginName = "pulumi-resource-kubernetes";

function missing(what: string): MissingPrerequisite {
  return new MissingPrerequisite(
    [
      `The Kubernetes part needs the programs of a cluster and the real provider plugin. ${what}`,
      "Put them into one folder, under these names:",
      "  - etcd 3.6                          https://github.com/etcd-io/etcd/releases",
      "  - kube-apiserver, kube-controller-manager, kube-scheduler 1.30 or newer",
      "                                      https://dl.k8s.io/v1.36.3/bin/linux/amd64/kube-apiserver and so on",
      "                                      (or all four as one program `cluster`, which takes the name as its first word)",
      "  - kwok 0.8 (or as `nodes`)          https://github.com/kubernetes-sigs/kwok/releases",
      `  - ${pluginName}        pulumi plugin install resource kubernetes ${sdkVersions.kubernetes}, from ~/.pulumi/plugins`,
      `Then: ${binariesVariable}=<folder> npm run acceptance -- --only kubernetes`,
    ].join("\n"),
  );
}

/** Versions that a Go program was built from, by module; empty where it does not tell. */
export async function modulesIn(program: string): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await execa("go", ["version", "-m", program], { reject: false, stdin: "ignore" });
  const lines = String(stdout ?? "").matchAll(/^\t(?:dep|mod)\t(\S+)\t(v\S+)/gm);
  return new Map([...lines].flatMap(([, path = "", version = ""]) => (semver.valid(version) === null ? [] : [[path, version.slice(1)]])));
}
