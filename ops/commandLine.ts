/** The commands of `slipway`: each family registers its own, and loads what it works with when a command runs. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addAlarms } from "./alarms/command.ts";
import { addBackup } from "./backup/command.ts";
import { addCache } from "./cache/command.ts";
import { addCi } from "./ci/command.ts";
import { addConfig } from "./config/command.ts";
import { addDatabase } from "./database/command.ts";
import { addDoctor } from "./doctor/command.ts";
import { addEngine } from "./engine/command.ts";
import { addFailover } from "./failover/command.ts";
import type { Register } from "./flags.ts";
import { addRestart } from "./restart/command.ts";
import { addReview } from "./review/command.ts";
import { addRollback } from "./rollback/command.ts";
import { addRunbook } from "./runbook/command.ts";
import { addSecrets } from "./secrets/command.ts";
import { addSecurityGroups } from "./securityGroups/command.ts";
import { addStatus } from "./status/command.ts";
import { addVerify } from "./verify/command.ts";
import { addWaf } from "./waf/command.ts";

const operations: readonly Register[] = [
  addStatus,
  addEngine,
  addDoctor,
  addReview,
  addConfig,
  addSecrets,
  addSecurityGroups,
  addDatabase,
  addCache,
  addBackup,
  addRollback,
  addRestart,
  addRunbook,
  addVerify,
  addWaf,
  addAlarms,
  addFailover,
  addCi,
];

/**
 * The command line. It throws where Commander would end the process.
 * @param more families that ops does not know, such as the rehearsals
 */
export function commandLine(more: readonly Register[]): Command {
  const program = new Command("slipway")
    .description(
      "Runs a Pulumi stack with blue/green traffic on the real engine: against the simulated cloud, or with PULUMI_BACKEND_URL against the real one.",
    )
    .version(version(), "-V, --version", "print the version")
    .showHelpAfterError("(add --help for the options)")
    .enablePositionalOptions()
    .exitOverride();
  for (const add of [...operations, ...more]) add(program);
  return program;
}

function version(): string {
  // By the package's own name: its folder is another one when it is built.
  const file = new URL(import.meta.resolve("slipway/package.json"));
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
