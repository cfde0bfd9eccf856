/** What each question answers at its edges, as one list: the test runs it, and so does the search for mutants that nobody notices. */
import { capacityExamples } from "./examples/capacity.ts";
import { historyExamples } from "./examples/history.ts";
import { itemExamples } from "./examples/item.ts";
import { moveExamples } from "./examples/move.ts";
import { recordExamples } from "./examples/record.ts";
import { retentionExamples } from "./examples/retention.ts";
import { shareExamples } from "./examples/share.ts";
import { standingExamples } from "./examples/standing.ts";

export const examples = [
  ...capacityExamples,
  ...shareExamples,
  ...standingExamples,
  ...itemExamples,
  ...moveExamples,
  ...retentionExamples,
  ...recordExamples,
  ...historyExamples,
];
