/** Systems Manager: read, write and list parameters. Values of secure ones are kept as digests, as everything secret is here. */
import type { SSM } from "@aws-sdk/client-ssm";
import { parameterType, parameterValue } from "../cloud/aws/ssm.ts";
import { CloudError } from "../cloud/catalogue.ts";
import { timeIn } from "../cloud/clock.ts";
import { type LiveObject, seal } from "../cloud/liveStore.ts";
import { type Asked, dateOf, here, type OperationsOf, pageOf } from "./operation.ts";

export const parameters = {
  GetParameter: ({ Name = "" }, asked) => {
    const found = liveParameter(Name, asked);
    if (found === undefined) throw new CloudError("ParameterNotFound", Name);
    const { type, arn, version } = found.properties;
    return {
      Parameter: {
        ...{ Name: found.id, Type: typeOf(type), ARN: String(arn), Version: Number(version), DataType: "text" },
        Value: parameterValue(found.properties),
      },
    };
  },

  PutParameter: ({ Name = "", Value = "", Type, Overwrite, KeyId }, asked) => {
    const { account, region } = asked.place;
    const found = liveParameter(Name, asked);
    if (found !== undefined && Overwrite !== true)
      throw new CloudError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option to true.",
      );
    const type = Type ?? found?.properties.type;
    if (type === undefined) throw new CloudError("ValidationException", "A parameter type is required when you create a parameter.");
    const secure = type === "SecureString";
    if (secure) refuseAbsentKey(KeyId, asked);
    const version = Number(found?.properties.version ?? 0) + 1;
    const arn = `arn:aws:ssm:${region}:${account}:parameter${Name.startsWith("/") ? "" : "/"}${Name}`;
    const made = { type: parameterType, id: Name, scope: `${account}/${region}`, createdFor: "PutParameter" };
    const properties = { name: Name, arn, dataType: "text", tier: "Standard", ...found?.properties, type, version };
    asked.store.put(
      secure
        ? {
            ...(found ?? made),
            properties: { ...properties, keyId: KeyId ?? "alias/aws/ssm", value: seal(Value), changed: timeIn(asked.store).toISOString() },
            sealed: [["value"]],
          }
        : { ...(found ?? made), properties: { ...properties, insecureValue: Value } },
    );
    return { Version: version, Tier: "Standard" };
  },

  DescribeParameters: ({ ParameterFilters = [], MaxResults = 50, NextToken }, asked) => {
    const [filter, ...more] = ParameterFilters;
    if (more.length > 0 || filter?.Key !== "Name" || filter.Option !== "Equals")
      throw new CloudError("InvalidFilterOption", "The sandbox lists parameters by one filter, Name Equals");
    const found = here(parameterType, asked).filter(({ id }) => filter.Values?.includes(id));
    const { items, next } = pageOf(found, NextToken, MaxResults);
    const Parameters = items.map(({ id, properties: { type, keyId, version, changed } }) => ({
      ...{ Name: id, Type: typeOf(type), KeyId: String(keyId), Version: Number(version), LastModifiedDate: dateOf(changed) },
    }));
    return { Parameters, ...(next === undefined ? {} : { NextToken: next }) };
  },
} satisfies OperationsOf<SSM>;

function liveParameter(name: string, { store, place: { account, region } }: Asked): LiveObject | undefined {
  return store.get(parameterType, name, `${account}/${region}`);
}

function typeOf(type: unknown): "SecureString" | "String" | "StringList" {
  return type === "SecureString" || type === "StringList" ? type : "String";
}

function refuseAbsentKey(key: string | undefined, asked: Asked): void {
  const known = key === undefined || key === "alias/aws/ssm" || here("aws:kms/alias:Alias", asked).some(({ id }) => id === key);
  if (!known) throw new CloudError("InvalidKeyId", `Invalid keyId ${key}`);
}
