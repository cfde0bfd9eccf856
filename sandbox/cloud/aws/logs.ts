/** CloudWatch Logs: queries that are kept by name. */
import { CloudError, onBoth, type Rule, type ServiceTables } from "../catalogue.ts";
import { valuesAt } from "../references.ts";

const query = "aws:cloudwatch/queryDefinition:QueryDefinition";

const goodQuery: Rule["enforce"] = (definition) => {
  if (String(definition.queryString).length > 10_000) throw new CloudError("InvalidParameterException", "queryString is longer than 10000");
  if (valuesAt(definition, "logGroupNames[]").length > 50)
    throw new CloudError("InvalidParameterException", "at most 50 log groups can be named");
};

export const logs: ServiceTables = {
  rules: {
    [query]: onBoth(goodQuery),
  },
};
