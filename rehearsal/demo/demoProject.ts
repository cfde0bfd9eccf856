/** A copy of the project that the demo may change, gone when the demo ends. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { findProject, type Project, stackNames } from "../../ops/project/project.ts";

/** Copies `Pulumi.yaml` and the stack files; the program itself is the repository's own. */
export function copyProject(source: Project): Project {
  const folder = mkdtempSync(join(tmpdir(), "slipway-demo-"));
  const project = parseDocument(readFileSync(join(source.folder, "Pulumi.yaml"), "utf8"));
  project.set("main", join(source.folder, String(project.get("main"))));
  writeFileSync(join(folder, "Pulumi.yaml"), project.toString());
  for (const stack of stackNames(source)) copyFileSync(join(source.folder, `Pulumi.${stack}.yaml`), join(folder, `Pulumi.${stack}.yaml`));
  return findProject(folder);
}

/** Removes the copy with its state and its cloud. */
export function removeProject(project: Project): void {
  rmSync(project.folder, { recursive: true, force: true });
}
