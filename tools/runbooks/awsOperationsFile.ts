/** What the AWS CLI takes, for the operations that runbooks name: kept, since the models it is read from are 100 MB. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Flags of an operation: `--db-instance-identifier`. */
export type Flags = readonly string[];

/** Where the table is. `tools/runbooks/awsOperations.ts` writes it. */
export const awsOperationsFile = join(import.meta.dirname, "awsOperations.json");

/** Flags by service and operation: `rds describe-db-instances`. */
export function awsOperations(): Readonly<Record<string, Flags>> {
  return JSON.parse(readFileSync(awsOperationsFile, "utf8")) as Record<string, Flags>;
}
