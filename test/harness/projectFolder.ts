/** A project in a folder of its own, for tests of its files: nothing is run in it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Text of files by name, with the margin that all lines share taken off. */
type Files = Readonly<Record<string, string>>;

/** A folder with the given files, gone when it is closed. A `Pulumi.yaml` is there in any case. */
export class ProjectFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "slipway-files-"));

  constructor(files: Files) {
    for (const [name, text] of Object.entries({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n", ...files })) this.write(name, text);
  }

  /** Path of a file in the folder. */
  file(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string): void {
    const margin = /^\n?( *)/.exec(text)?.[1] ?? "";
    mkdirSync(dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text.replace(/^\n/, "").replaceAll(new RegExp(`^${margin}`, "gm"), ""));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
