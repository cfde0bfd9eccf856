/** What the program refuses is told to the command that started the engine, which ends with it. */
import { writeFileSync } from "node:fs";
import { RunError } from "@pulumi/pulumi";
import { refusalVariable } from "../config/commandVariables.ts";

/** Runs the program. @throws what it throws */
export async function tellingRefusals<Result>(program: () => Promise<Result>): Promise<Result> {
  try {
    return await program();
  } catch (error) {
    const file = process.env[refusalVariable];
    if (error instanceof RunError && file !== undefined && file !== "") writeFileSync(file, error.message);
    throw error;
  }
}
