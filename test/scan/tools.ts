/** The scanners: Python packages in a folder of the cache, Go programs built into another. Got once, at pinned versions. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { cacheFolder } from "../../sandbox/engine/engine.ts";
import { MissingPrerequisite, pythonWith } from "../acceptance/prerequisites.ts";

type Progress = (step: string) => void;

/** The oldest Kubernetes that the manifests need. */
const kubernetesVersion = "1.30.0";

const goPrograms = {
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
  "kube-score": "github.com/zegl/kube-score/cmd/kube-score@v1.20.0",
  kubeconform: "github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0",
} as const;

/** Python with checkov, parliament and the schemas of Kubernetes. @returns the interpreter @throws MissingPrerequisite */
export function scannersInPython(progress: Progress): Promise<string> {
  return pythonWith({ whose: "the scanners'", requirements: join(import.meta.dirname, "requirements.txt"), folder: "scan" }, progress);
}

/** A scanner that is written in Go, built on the first use. @returns its file @throws MissingPrerequisite */
export async function scannerInGo(name: keyof typeof goPrograms, progress: Progress): Promise<string> {
  const module = goPrograms[name];
  const folder = join(cacheFolder(), "scan", "go", module.split("@").at(-1) ?? "");
  const file = join(folder, name);
  if (existsSync(file)) return file;
  progress(`building ${name}, once`);
  mkdirSync(folder, { recursive: true });
  const result = await execa("go", ["install", module], { reject: false, all: true, env: { GOBIN: folder, GOFLAGS: "-mod=mod" } });
  if (result.exitCode === 0) return file;
  throw new MissingPrerequisite(
    `${name} could not be had. It needs Go (https://go.dev/dl) and its module proxy; this failed:\n  go install ${module}\n${result.all?.trim() ?? result.message}`,
  );
}

/**
 * Schemas of Kubernetes as kubeconform takes them: those that kubernetes-validate brings, which name each other by
 * addresses on the web.
 * @returns pattern for `-schema-location`
 */
export async function kubernetesSchemas(python: string): Promise<string> {
  const folder = join(dirname(dirname(python)), "kubernetes-schemas", kubernetesVersion);
  if (!existsSync(join(folder, "complete"))) {
    const { stdout } = await execa(python, ["-c", "import kubernetes_validate; print(kubernetes_validate.__path__[0])"]);
    const source = join(stdout.trim(), "kubernetes-json-schema", `v${kubernetesVersion}-local-strict`);
    const definitions = pathToFileURL(join(folder, "_definitions.json")).href;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(source)) {
      const { $id: _, ...schema } = JSON.parse(readFileSync(join(source, name), "utf8")) as Record<string, unknown>;
      writeFileSync(join(folder, name), JSON.stringify(schema).replaceAll('"/api/_definitions.json', `"${definitions}`));
    }
    writeFileSync(join(folder, "complete"), "");
  }
  return join(folder, "{{.ResourceKind}}{{.KindSuffix}}.json");
}
