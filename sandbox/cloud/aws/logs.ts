/** CloudWatch Logs: queries that are kept by name. */
import { CloudError, type Rule, type ServiceTables } from "../catalogue.ts";
import { valuesAt } from "../references.ts";

const query = "aws:cloudwatch/queryDefinition:QueryDefinition";

const goodQuery: Rule["enforce"] = (definition) => {
  if (String(definition.queryString).length > 10_000) throw new CloudError("InvalidParameterException", "queryString is longer than 10000");
  if (valuesAt(definition, "logGroupNames[]").length > 50)
    throw new CloudError("InvalidParameterException", "at most 50 log groups can be named");
};

export const logs: ServiceTables = {
  identities: { [query]: { id: "{uuid}", outputs: { queryDefinitionId: "{id}" } } },
  references: { [query]: [{ from: "logGroupNames[]", to: "aws:cloudwatch/logGroup:LogGroup", by: "name", loose: true }] },
  rules: {
    [query]: [
      { on: "create", enforce: goodQuery },
      { on: "update", enforce: goodQuery },
    ],
  },
};
