/** Systems Manager's parameters: what AWS computes, refuses and reads. */
import type { Properties } from "../../provider/values.ts";
import { CloudError, onBoth, type Rule, type ServiceTables } from "../catalogue.ts";
import type { LiveStore } from "../liveStore.ts";

/** Type token of parameters. */
export const parameterType = "aws:ssm/parameter:Parameter";

/** The value in clear; a SecureString is kept as a digest. */
export function parameterValue({ insecureValue, value }: Properties): string {
  return String(insecureValue ?? value ?? "");
}

const refuseUnusable: Rule["enforce"] = (wanted) => {
  const name = String(wanted.name);
  const parts = name.split("/").filter((part) => part !== "");
  if (/^\/?(aws|ssm)/i.test(name))
    throw new CloudError("ValidationException", 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  if (!/^[\w./-]{1,1011}$/.test(name) || (name.includes("/") && !name.startsWith("/")))
    throw new CloudError("ValidationException", "Parameter name must be a fully qualified name.");
  if (parts.length > 15)
    throw new CloudError(
      "HierarchyLevelLimitExceededException",
      "A parameter name can have at most 15 levels, counting the name of the parameter.",
    );
  if (Buffer.byteLength(parameterValue(wanted)) > 4096 && wanted.tier !== "Advanced")
    throw new CloudError("ValidationException", "Standard tier parameters support a maximum parameter value of 4096 characters.");
};

/** Parameters of a place. */
function parametersIn(store: LiveStore, scope: string) {
  return store.all(parameterType).flatMap(({ id, scope: there }) => (there === scope ? (store.get(parameterType, id, scope) ?? []) : []));
}

export const ssm: ServiceTables = {
  identities: {
    [parameterType]: {
      compute: ({ name, type, keyId }, { account, region }) => ({
        arn: `arn:aws:ssm:${region}:${account}:parameter${String(name).startsWith("/") ? "" : "/"}${name}`,
        ...(type === "SecureString" && (keyId === undefined || keyId === "") ? { keyId: "alias/aws/ssm" } : {}),
      }),
      revise: (before, next) => ({ ...next, version: Number(before.version ?? 0) + 1 }),
    },
  },
  rules: { [parameterType]: onBoth(refuseUnusable) },
  invokes: {
    "aws:ssm/getParameter:getParameter": ({ name, region: asked }, { store, place }) => {
      const region = typeof asked === "string" && asked !== "" ? asked : place.region;
      const id = String(name).replace(/^arn:aws:ssm:[^:]*:\d*:parameter/, "");
      const found = store.get(parameterType, id, `${place.account}/${region}`);
      if (found === undefined) throw new CloudError("reading SSM Parameter", `(${id}): couldn't find resource`);
      const { arn, type, version } = found.properties;
      return {
        id,
        name: id,
        region,
        arn: String(arn),
        type: String(type),
        version: Number(version),
        value: parameterValue(found.properties),
      };
    },
    "aws:ssm/getParametersByPath:getParametersByPath": ({ path, recursive, region: asked }, { store, place }) => {
      const region = typeof asked === "string" && asked !== "" ? asked : place.region;
      const folder = `${String(path).replace(/\/$/, "")}/`;
      const found = parametersIn(store, `${place.account}/${region}`).filter(
        ({ id }) => id.startsWith(folder) && (recursive === true || !id.slice(folder.length).includes("/")),
      );
      return {
        id: String(path),
        path: String(path),
        region,
        arns: found.map(({ properties }) => String(properties.arn)),
        names: found.map(({ id }) => id),
        types: found.map(({ properties }) => String(properties.type)),
        values: found.map(({ properties }) => parameterValue(properties)),
      };
    },
  },
};
