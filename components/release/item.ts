/**
 * The release record as an item of the table: its service as the key, its version as a number that a write is held to, and the record
 * as JSON. Loads nothing, so that program, commands and the rollback function carry it alike.
 */
import type { ReleaseRecord } from "./recordContract.ts";

/** Attribute that the table's items are found by, a text. */
export const releaseKey = "service";

/** What the table's name ends with, before the engine's digits. */
export const releaseTableName = "releases";

/** Key of a service's item, as DynamoDB's clients take it. */
export function itemKey(service: string) {
  return { [releaseKey]: { S: service } };
}

/** Input of `PutItem`: the record replaces the version before it, and nothing else. */
export function itemPut(table: string, record: ReleaseRecord) {
  const read = record.version - 1;
  return {
    TableName: table,
    Item: { ...itemKey(record.service), version: { N: String(record.version) }, record: { S: JSON.stringify(record) } },
    ExpressionAttributeNames: { "#version": "version" },
    ...(read === 0
      ? { ConditionExpression: "attribute_not_exists(#version)" }
      : { ConditionExpression: "#version = :read", ExpressionAttributeValues: { ":read": { N: String(read) } } }),
  };
}

/** The record in an item, unread. @throws SyntaxError where it is no JSON */
export function recordIn(item: Readonly<Record<string, { readonly S?: string | undefined }>>): unknown {
  return JSON.parse(String(item.record?.S));
}
