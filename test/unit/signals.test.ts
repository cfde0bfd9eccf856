/** A signal to what started a command reaches the command, which ends in its own way and with its own exit code. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** A house of its own for install.js, in which everything is installed: here it could find another lockfile than the last time. */
function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-signal-"));
  for (const file of ["install.js", "handOver.js"]) cpSync(join(root, "ops", file), join(folder, "ops", file));
  mkdirSync(join(folder, "node_modules", "node", "bin"), { recursive: true });
  symlinkSync(process.execPath, join(folder, "node_modules", "node", "bin", "node"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "package-lock.json"), "{}");
  writeFileSync(join(folder, "node_modules", ".installed"), createHash("sha256").update("{}").digest("hex"));
  return folder;
}

test.each(["SIGINT", "SIGTERM"] as const)("%s to install.js: it hands it on and waits", async (signal) => {
  const folder = installed();
  writeFileSync(
    join(folder, "slow.js"),
    `process.once("${signal}", () => setTimeout(() => { console.log("ended"); process.exit(7); }, 200));
     setTimeout(() => process.exit(1), 20_000);
     console.log("ready");`,
  );
  const child = spawn(process.execPath, [join(folder, "ops", "install.js"), "slow.js"], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
    if (String(chunk).includes("ready")) child.kill(signal);
  });
  const ended = await new Promise((resolve) => child.once("close", (code, by) => resolve(code ?? by)));
  rmSync(folder, { recursive: true });
  expect([output, ended]).toEqual(["ready\nended\n", 7]);
});
