/** Items of DynamoDB's tables, which no resource of the engine owns: they go with their table. */
import { onDelete } from "../catalogue.ts";

/** Type of an item in the live store. */
export const itemType = "aws:dynamodb/table:Item";

/** A table that is deleted takes its items along. */
export const itemsGo = onDelete(({ arn }, { store }) => {
  for (const item of store.all(itemType)) if (item.properties.tableArn === arn) store.delete(item);
});
