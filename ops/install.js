#!/usr/bin/env node
// Installs what package-lock.json pins, then runs a TypeScript file on the Node.js that it pins.
// Usage: node ops/install.js <file.ts> [arguments]        plain JavaScript: it runs before anything is installed, so on Node.js 20 as
// well. What it starts runs on the pinned one; who runs the program on a Node.js of their own needs what package.json says (engines).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { handOver } from "./handOver.js";

const oldest = 20;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".installed");
const node = join(root, "node_modules", "node", "bin", "node");

if (Number(process.versions.node.split(".")[0]) < oldest) {
  console.error(`Node.js ${oldest} or newer is needed; this is ${process.version}. See https://nodejs.org`);
  process.exit(1);
}

const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const installed = existsSync(stamp) && existsSync(node) ? readFileSync(stamp, "utf8") : "";
if (installed !== wanted) {
  const started = Date.now();
  console.error("packages: installing what package-lock.json pins");
  const { allowScripts = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  // Scripts of packages are other people's programs, run before anybody looked: none but those that package.json names.
  npm("ci", "--ignore-scripts");
  npm("rebuild", ...Object.keys(allowScripts).filter((name) => allowScripts[name] === true));
  writeFileSync(stamp, wanted);
  console.error(`packages: installed (${Math.round((Date.now() - started) / 1000)} s)`);
}

/** @param {readonly string[]} words */
function npm(...words) {
  // In a job of the pipeline these are a role, or lead to one.
  const credential = /^(?:ACTIONS_|AWS_|CLOUDFLARE_|PULUMI_|(?:GITHUB|GH)_TOKEN$)/;
  const { status } = spawnSync("npm", [...words, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !credential.test(name))),
  });
  if (status === 0) return;
  console.error(`packages: npm ${words[0]} failed; run it by hand to see why`);
  process.exit(1);
}

const [file, ...args] = process.argv.slice(2);
if (file !== undefined) {
  const path = [join(root, "node_modules", "node", "bin"), join(root, "node_modules", ".bin"), process.env.PATH].join(":");
  await handOver(node, [join(root, file), ...args], { ...process.env, PATH: path });
}
