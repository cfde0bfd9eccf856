/** `slipway doctor`: what an update lacks, before anything is changed. */
import type { Command } from "commander";
import { ending, ofStack } from "../flags.ts";
import type { DoctorFlags } from "./doctor.ts";

/** Adds the command. */
export function addDoctor(program: Command): void {
  ofStack(program.command("doctor"))
    .description(
      "tell what an update lacks, before anything is changed: tools, account, quotas, images, secrets, DNS, people; ends with 1 when something does",
    )
    .option("--json", "print JSON")
    .action(ending(async (flags: DoctorFlags) => (await import("./doctor.ts")).doctor(flags)));
}
