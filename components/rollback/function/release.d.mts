/** Types of what `npm run schema` makes for the function. */
export * from "../../colours.ts";
export * from "../../release/capacity.ts";
export * from "../../release/item.ts";
export * from "../../release/record.ts";
export * from "../../release/withdrawal.ts";
