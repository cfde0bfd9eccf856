/** A stack file that tests change. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseDocument } from "yaml";
import type { Edits } from "./config.ts";

/**
 * Sets config values in a stack file, everything else kept, comments too.
 * @param values by path below the project's keys, such as `services.api.port`; undefined takes a key away, also one of the base
 */
export function setInStackFile(file: string, values: Edits): void {
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const [path, value] of Object.entries(values)) {
    const [area, ...rest] = path.split(".");
    const keys = ["config", `slipway:${area}`, ...rest];
    const above = document.getIn(keys.slice(0, -1));
    if (value === undefined && (above === "" || above === null)) continue; // taken away with all that is in it
    // Nothing at the top is an empty text to the engine, which warns of it.
    document.setIn(keys, value ?? (rest.length === 0 ? "" : null));
  }
  writeFileSync(file, document.toString({ lineWidth: 0 }));
}
