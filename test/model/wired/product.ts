/** The product's functions that write weights and records, as one object, so that a mutant of one of them can take its place. */
import { rollBack } from "../../../components/rollback/function/index.mjs";
import { requireTargets } from "../../../ops/release/readiness.ts";
import { releaseReserves } from "../../../ops/release/reserve.ts";
import { recordIntents, recordResults } from "../../../ops/release/updateRecords.ts";
import { openDigests } from "../../../ops/rollback/acknowledge.ts";

export const product = { rollBack, requireTargets, releaseReserves, recordIntents, recordResults, openDigests };
