/** Parameters of databases and caches, by name. */
import { code, phrase } from "../phrase.ts";
import { isJsonObject, isList, type JsonObject, shortText } from "../propertyValue.ts";
import { storyOf, type Teller } from "../story.ts";

/** Parameters that keep connections from clear text, with the value that does. */
const encrypting: Readonly<Record<string, RegExp>> = {
  "rds.force_ssl": /^1$/,
  require_secure_transport: /^(1|ON)$/i,
  tls: /^(enabled|tls1\.[23]\+|fips-140-3)$/,
};

/** What a parameter group says otherwise. */
export const parameterStories: Teller = {
  name: "parameters",
  judges: [{ type: /^aws:(rds|docdb|elasticache)\/(cluster)?[pP]arameterGroup:/, path: /^parameters\b/, silence: true }],
  tell: (change) => {
    if (!/[pP]arameterGroup:/.test(change.type) || (change.op !== "update" && change.op !== "replace")) return [];
    const [before, after] = [valuesIn(change.before), valuesIn(change.after)];
    const differing = [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
    return differing.map((name) => {
      const clear = encrypting[name] !== undefined && !encrypting[name].test(after.get(name) ?? "");
      return storyOf(
        change,
        clear ? "exposure" : "traffic",
        phrase`parameter ${code(name)} of ${code(change.name)} ${before.get(name) ?? "default"} → ${after.get(name) ?? "default"}`,
        clear ? phrase`it takes connections in clear text` : undefined,
      );
    });
  },
};

function valuesIn({ parameters }: JsonObject): ReadonlyMap<string, string> {
  const list = isList(parameters) ? parameters.filter(isJsonObject) : [];
  return new Map(list.map(({ name, value }) => [shortText(name), shortText(value, 60)]));
}
