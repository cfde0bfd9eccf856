/** Items of DynamoDB's tables: read by key, and written where a condition holds. */
import type { DynamoDB, PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import { itemType } from "../cloud/aws/tableItems.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import { isObject, type Properties, type Value } from "../provider/values.ts";
import { type Asked, here, type OperationsOf } from "./operation.ts";

type Item = NonNullable<PutItemCommandInput["Item"]>;

/** Bytes of an item at most: "Maximum item size: 400 KB" (DynamoDB's quotas). */
const mostBytes = 400 * 1024;

export const items = {
  GetItem: ({ TableName = "", Key = {} }, asked) => {
    const found = itemOf(tableNamed(TableName, asked), Key, asked);
    return found === undefined ? {} : { Item: found.properties.item as unknown as Item };
  },

  PutItem: (input, asked) => {
    const { TableName = "", Item = {} } = input;
    const table = tableNamed(TableName, asked);
    if (Buffer.byteLength(JSON.stringify(Item)) > mostBytes)
      throw new CloudError("ValidationException", "Item size has exceeded the maximum allowed size");
    const id = idOf(table, Item);
    const before = itemOf(table, Item, asked);
    if (!holds(input, before?.properties.item)) throw new CloudError("ConditionalCheckFailedException", "The conditional request failed");
    const properties = { tableArn: table.properties.arn ?? "", item: Item as unknown as Properties };
    asked.store.put({ type: itemType, id, scope: table.scope, properties, createdFor: "PutItem" });
    return {};
  },
} satisfies OperationsOf<DynamoDB>;

function tableNamed(name: string, asked: Asked): LiveObject {
  const found = here("aws:dynamodb/table:Table", asked).find(({ properties }) => [properties.name, properties.arn].includes(name));
  if (found === undefined) throw new CloudError("ResourceNotFoundException", "Requested resource not found");
  return found;
}

function itemOf(table: LiveObject, key: Item, { store }: Asked): LiveObject | undefined {
  return store.get(itemType, idOf(table, key), table.scope);
}

/** Key of an item within the account. @throws CloudError for one without the table's key */
function idOf({ properties: { name, hashKey, rangeKey } }: LiveObject, item: Item): string {
  const parts = [hashKey, rangeKey].filter((key) => typeof key === "string" && key !== "");
  const values = parts.map((key) => item[String(key)]);
  if (values.includes(undefined))
    throw new CloudError("ValidationException", "One or more parameter values were invalid: Missing the key in the item");
  return `${String(name)}/${JSON.stringify(values)}`;
}

/** `attribute_not_exists(#a)` and `#a = :b`, the conditions that are asked for. @throws CloudError for any other, and for values that it does not use */
function holds(
  { ConditionExpression, ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: PutItemCommandInput,
  item: Value | undefined,
): boolean {
  if (ConditionExpression === undefined) return true;
  const absent = /^attribute_not_exists\((#\w+)\)$/.exec(ConditionExpression);
  const equal = /^(#\w+) = (:\w+)$/.exec(ConditionExpression);
  const [, placeholder = "", wanted] = absent ?? equal ?? [];
  const attribute = ExpressionAttributeNames[placeholder];
  if (attribute === undefined) throw new CloudError("ValidationException", `Invalid ConditionExpression: ${ConditionExpression}`);
  if (Object.keys(ExpressionAttributeValues).some((value) => value !== wanted))
    throw new CloudError("ValidationException", "Value provided in ExpressionAttributeValues unused in expressions");
  const has = isObject(item) ? item[attribute] : undefined;
  return wanted === undefined ? has === undefined : JSON.stringify(has) === JSON.stringify(ExpressionAttributeValues[wanted]);
}
