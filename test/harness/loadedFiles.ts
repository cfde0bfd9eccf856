/** What a Node.js process loads. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const root = join(import.meta.dirname, "..", "..");

/** Appends the address of everything that is loaded to the file `LOADED`. */
const watch = `
  import { appendFileSync } from "node:fs";
  import { registerHooks } from "node:module";
  registerHooks({ load: (url, context, next) => (appendFileSync(process.env.LOADED, url + "\\n"), next(url, context)) });`;

/** Addresses of the files that a process loads, of Slipway and of its packages. @param args of Node.js, run at the top of the repository */
export async function loadedFiles(args: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-loaded-"));
  const list = join(folder, "loaded");
  const preload = `data:text/javascript,${encodeURIComponent(watch)}`;
  await execa(process.execPath, ["--import", preload, ...args], { cwd: root, env: { LOADED: list } });
  const urls = readFileSync(list, "utf8").split("\n");
  rmSync(folder, { recursive: true });
  return urls.filter((url) => url !== "");
}
