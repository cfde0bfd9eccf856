/** Under which condition the table takes a record. */
import { type Example, rows } from "./given.ts";

export const itemExamples: readonly Example[] = [
  rows("the first version asks that there is none, each other one that the version before it is still there", ({ itemPut, newRecord }) => {
    const condition = (version: number) => {
      const { ConditionExpression: asked, ...put } = itemPut("releases", {
        ...newRecord({ service: "api", region: "us-east-1", live: "blue" }),
        version,
      });
      return [asked, "ExpressionAttributeValues" in put ? put.ExpressionAttributeValues?.[":read"]?.N : undefined, put.Item.version.N];
    };
    return [
      [condition(1), ["attribute_not_exists(#version)", undefined, "1"]],
      [condition(2), ["#version = :read", "1", "2"]],
      [condition(3), ["#version = :read", "2", "3"]],
    ];
  }),
];
