/**
 * `npm run scan`: checkov and parliament on the AWS resources of every example's production stack and of one stack with
 * everything; checkov, kube-score and kubeconform on what they put on clusters; actionlint and zizmor on the workflows. Findings that stay are in `skips.yaml`, each
 * with its reason. Exit code 1 for a finding that is not there or an entry that no longer occurs, 3 when a scanner is missing.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import { type Manifest, manifestsOf } from "../../rehearsal/sandbox/render.ts";
import { reveal } from "../../sandbox/provider/values.ts";
import { MissingPrerequisite } from "../acceptance/prerequisites.ts";
import { scanWithCheckov } from "./checkov.ts";
import type { Finding, ScanResult } from "./finding.ts";
import { scanWithKubeconform, scanWithKubeScore } from "./manifests.ts";
import { scanPolicies } from "./policies.ts";
import { readSkips, skips } from "./skips.ts";
import { type ScannedStack, scannedStacks } from "./stacks.ts";
import { terraformPlan } from "./terraformPlan.ts";
import { kubernetesSchemas, scannerInGo, scannersInPython } from "./tools.ts";
import { scanWithActionlint, scanWithZizmor } from "./workflows.ts";

interface StackResult extends ScanResult {
  readonly stack: string;
}

const folder = mkdtempSync(join(tmpdir(), "slipway-scan-"));
const progress = (step: string) => console.error(`scan: ${step}`);
const missing: string[] = [];

async function scanAws(python: string, { name, region, graph }: ScannedStack): Promise<StackResult[]> {
  const plan = terraformPlan(graph, region);
  const file = join(folder, `${name.replace(/\W/g, "-")}.json`);
  writeFileSync(file, JSON.stringify(plan));
  const resources = plan.planned_values.root_module.resources.length;
  const results = [await scanWithCheckov(python, { framework: "terraform_plan", file, resources }), await scanPolicies(python, plan)];
  return results.map((result) => ({ stack: name, ...result }));
}

async function scanCluster(python: string, stack: ScannedStack): Promise<StackResult[]> {
  const manifests = manifestsIn(stack);
  if (manifests.length === 0) return [];
  const manifestFolder = join(folder, `${stack.name.replace(/\W/g, "-")}-manifests`);
  mkdirSync(manifestFolder);
  for (const { file, text } of manifests) writeFileSync(join(manifestFolder, file), text);
  const results = [
    await scanWithCheckov(python, { framework: "kubernetes", folder: manifestFolder }),
    await ifPresent("kube-score", (program) => scanWithKubeScore(program, manifestFolder)),
    await ifPresent("kubeconform", async (program) => scanWithKubeconform(program, await kubernetesSchemas(python), manifestFolder)),
  ];
  return results.flatMap((result) => (result === undefined ? [] : [{ stack: `${stack.name}, manifests`, ...result }]));
}

function manifestsIn({ graph }: ScannedStack): Manifest[] {
  return manifestsOf(
    graph
      .filter(({ custom }) => custom)
      .map(({ type, name, urn, inputs }) => ({ type, id: name, scope: "cluster", createdFor: urn, properties: reveal(inputs).plain })),
  );
}

async function ifPresent(
  name: Parameters<typeof scannerInGo>[0],
  scan: (program: string) => Promise<ScanResult>,
): Promise<ScanResult | undefined> {
  try {
    return await scan(await scannerInGo(name, progress));
  } catch (error) {
    if (!(error instanceof MissingPrerequisite)) throw error;
    if (!missing.includes(error.message)) missing.push(error.message);
    return undefined;
  }
}

async function scan(): Promise<number> {
  const python = await scannersInPython(progress);
  const results: StackResult[] = [];
  for (const stack of await scannedStacks()) {
    progress(stack.name);
    results.push(...(await scanAws(python, stack)), ...(await scanCluster(python, stack)));
  }

  progress("workflows");
  const linted = await ifPresent("actionlint", scanWithActionlint);
  for (const result of [linted, await scanWithZizmor(python)]) if (result !== undefined) results.push({ stack: "workflows", ...result });

  const listed = readSkips();
  const isSkipped = (finding: Finding) => listed.some((skip) => skips(skip, finding));
  const table = new Table({
    head: ["stack", "scanner", "passed", "failed", "skipped"],
    style: { head: [], border: [] },
    colAligns: ["left", "left", "right", "right", "right"],
  });
  for (const { stack, scanner, passed, findings } of results) {
    const skipped = findings.filter(isSkipped).length;
    table.push([stack, scanner, passed, findings.length - skipped, skipped]);
  }
  console.log(table.toString());

  const all = results.flatMap(({ stack, findings }) => findings.map((finding) => ({ stack, finding })));
  const failed = all.filter(({ finding }) => !isSkipped(finding));
  for (const { stack, finding } of failed)
    console.log(`${pc.red("FAILED")} ${stack}: ${finding.scanner} ${finding.check} ${finding.resource}: ${finding.detail}`);
  const unused = listed.filter((skip) => !all.some(({ finding }) => skips(skip, finding)));
  // Without one of the scanners its entries cannot occur.
  const gone = unused.filter(({ scanner }) => results.some((result) => result.scanner === scanner));
  for (const { scanner, check, resource } of gone)
    console.log(`${pc.red("FAILED")} skips.yaml: ${scanner} ${check} ${resource} no longer occurs: remove the entry`);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  console.log(
    `${passed} passed, ${failed.length + gone.length} failed, ${all.length - failed.length} skipped for ${listed.length} written reasons`,
  );
  for (const message of missing) console.error(`not scanned: ${message}`);
  return failed.length + gone.length > 0 ? 1 : missing.length > 0 ? 3 : 0;
}

try {
  process.exitCode = await scan();
} catch (error) {
  if (!(error instanceof MissingPrerequisite)) throw error;
  console.error(error.message);
  process.exitCode = 3;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
