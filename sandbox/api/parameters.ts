/** Systems Manager: read and overwrite a parameter. */
import { parameterType, parameterValue } from "../cloud/aws/ssm.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import type { ApiContext, JsonOperation } from "./server.ts";

/** Operations by name. */
export const parameters: Readonly<Record<string, JsonOperation>> = {
  GetParameter: ({ Name }, context) => {
    const { id, properties } = parameterOf(Name, context);
    const { type, arn, version } = properties;
    return { Parameter: { Name: id, Type: type, ARN: arn, Version: version, DataType: "text", Value: parameterValue(properties) } };
  },
  PutParameter: ({ Name, Value, Overwrite }, context) => {
    const found = parameterOf(Name, context);
    if (Overwrite !== true)
      throw new CloudError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option to true.",
      );
    const version = Number(found.properties.version ?? 1) + 1;
    context.store.put({ ...found, properties: { ...found.properties, insecureValue: String(Value), version } });
    return { Version: version, Tier: "Standard" };
  },
};

/** Only what a stack has made: nothing in the sandbox makes a parameter by a call. */
function parameterOf(name: unknown, { store, place }: ApiContext): LiveObject {
  const found = store.get(parameterType, String(name), `${place.account}/${place.region}`);
  if (found === undefined) throw new CloudError("ParameterNotFound", String(name));
  return found;
}
