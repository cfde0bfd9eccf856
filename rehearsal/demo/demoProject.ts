/** A copy of the project that the demo may change, gone when the demo ends. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { configFiles, findProject, type Project } from "../../ops/project/project.ts";

/** Copies the files that the config is read from; the program itself is the repository's own. */
export function copyProject(source: Project): Project {
  const folder = mkdtempSync(join(tmpdir(), "slipway-demo-"));
  for (const file of configFiles(source)) cpSync(join(source.folder, file), join(folder, file));
  const project = parseDocument(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
  project.set("main", join(source.folder, String(project.get("main"))));
  writeFileSync(join(folder, "Pulumi.yaml"), project.toString());
  return findProject(folder);
}

/** Removes the copy with its state and its cloud. */
export function removeProject(project: Project): void {
  rmSync(project.folder, { recursive: true, force: true });
}
