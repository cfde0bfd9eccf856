/** Systems Manager: read, write and list parameters. */
import type { GetParameterRequest, GetParameterResult, PutParameterRequest, PutParameterResult } from "@aws-sdk/client-ssm";
import { parameterType, parameterValue } from "../cloud/aws/ssm.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import type { Asked, Operation, Operations } from "./operation.ts";

const getParameter: Operation<GetParameterRequest, GetParameterResult> = ({ Name = "" }, asked) => {
  const { id, properties } = parameterOf(Name, asked);
  const { type, arn, version } = properties;
  return {
    Parameter: {
      ...{ Name: id, Type: String(type) as "String", ARN: String(arn), Version: Number(version), DataType: "text" },
      Value: parameterValue(properties),
    },
  };
};

const putParameter: Operation<PutParameterRequest, PutParameterResult> = ({ Name = "", Value, Overwrite }, asked) => {
  const found = parameterOf(Name, asked);
  if (Overwrite !== true)
    throw new CloudError(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option to true.",
    );
  const version = Number(found.properties.version ?? 1) + 1;
  asked.store.put({ ...found, properties: { ...found.properties, insecureValue: String(Value), version } });
  return { Version: version, Tier: "Standard" };
};

export const parameters: Operations = { GetParameter: getParameter, PutParameter: putParameter };

/** Only what a stack has made: nothing in the sandbox makes a parameter by a call. */
function parameterOf(name: string, { store, place }: Asked): LiveObject {
  const found = store.get(parameterType, name, `${place.account}/${place.region}`);
  if (found === undefined) throw new CloudError("ParameterNotFound", name);
  return found;
}
