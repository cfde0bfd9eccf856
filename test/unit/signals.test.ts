/** A signal to what started a command reaches the command, which ends in its own way and with its own exit code. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

test.each(["SIGINT", "SIGTERM"] as const)("%s to install.js: it hands it on and waits", async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-signal-"));
  const file = join(folder, "slow.ts");
  writeFileSync(
    file,
    `process.once("${signal}", () => setTimeout(() => { console.log("ended"); process.exit(7); }, 200));
     setTimeout(() => process.exit(1), 20_000);
     console.log("ready");`,
  );
  const child = spawn(process.execPath, [join(root, "ops", "install.js"), relative(root, file)], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
    if (String(chunk).includes("ready")) child.kill(signal);
  });
  const ended = await new Promise((resolve) => child.once("close", (code, by) => resolve(code ?? by)));
  rmSync(folder, { recursive: true });
  expect([output, ended]).toEqual(["ready\nended\n", 7]);
});
