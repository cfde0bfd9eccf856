/** CloudWatch dashboards: what AWS refuses of their documents. */
import { isObject, listOf, type Value } from "../../provider/values.ts";
import { CloudError, onBoth, type Rule, type ServiceTables } from "../catalogue.ts";

const dashboard = "aws:cloudwatch/dashboard:Dashboard";

const gridWidth = 24;
const widgetLimit = 500;
const metricLimit = 500;

const invalid = (message: string): CloudError =>
  new CloudError("InvalidParameterInput", `The field DashboardBody must be a valid JSON object: ${message}`);

const goodBody: Rule["enforce"] = ({ dashboardBody }) => {
  const body = JSON.parse(String(dashboardBody)) as Value;
  const widgets = isObject(body) ? listOf(body.widgets) : [];
  if (widgets.length > widgetLimit) throw invalid(`at most ${widgetLimit} widgets, got ${widgets.length}`);
  for (const [index, widget] of widgets.entries()) {
    if (!isObject(widget)) throw invalid(`widgets/${index} should be an object`);
    const { type, x, width, height, properties } = widget;
    if (!["metric", "text", "log", "alarm", "explorer", "custom"].includes(String(type))) throw invalid(`widgets/${index}/type is ${type}`);
    if (Number(x) + Number(width) > gridWidth) throw invalid(`widgets/${index} ends beyond column ${gridWidth}`);
    if (Number(height) < 1 || Number(height) > 1000) throw invalid(`widgets/${index}/height should be from 1 to 1000`);
    if (!isObject(properties)) throw invalid(`widgets/${index}/properties should be an object`);
    if (type === "text" && typeof properties.markdown !== "string") throw invalid(`widgets/${index}/properties/markdown is required`);
    if (type !== "metric") continue;
    const metrics = listOf(properties.metrics);
    if (metrics.length === 0 || metrics.length > metricLimit)
      throw invalid(`widgets/${index}/properties/metrics should have 1 to ${metricLimit}`);
    for (const metric of metrics) {
      const parts = listOf(metric);
      const options = parts.at(-1);
      const named = isObject(options) ? parts.slice(0, -1) : parts;
      // Namespace and name, then pairs of dimension and value; or an expression alone.
      if (named.length % 2 !== 0 || named.some((part) => typeof part !== "string"))
        throw invalid(`widgets/${index}: bad metric ${JSON.stringify(metric)}`);
      if (named.length === 0 && !(isObject(options) && typeof options.expression === "string"))
        throw invalid(`widgets/${index}: a metric without namespace needs an expression`);
    }
  }
};

export const dashboards: ServiceTables = {
  rules: {
    [dashboard]: onBoth(goodBody),
  },
};
