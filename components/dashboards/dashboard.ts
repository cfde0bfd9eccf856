/** A CloudWatch dashboard from widgets as data. */
import { Dashboard as CloudWatchDashboard, type DashboardArgs as CloudWatchDashboardArgs } from "@pulumi/aws/cloudwatch/dashboard.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { jsonText } from "../jsonText.ts";
import { dashboardBody } from "./body.ts";
import { dashboard } from "./contract.ts";
import { gridWidth, layOut, widgetLimit } from "./layout.ts";
import { isCalculation, type Section } from "./widget.ts";

/** Arguments of `Dashboard`: those of its contract, and these. */
export interface DashboardArgs extends Given<typeof dashboard>, Transformable<{ dashboard: CloudWatchDashboardArgs }> {
  /** AWS region of the metrics that name none. The dashboard itself is seen from every region. */
  readonly region: string;
  /** From the top: what a person looks at first comes first. */
  readonly sections: readonly Section[];
}

/** Metrics that CloudWatch draws in one widget. */
const metricLimit = 500;

/** Everything that CloudWatch would refuse to draw. */
function sectionProblems(sections: readonly Section[]): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  const count = layOut(sections).length;
  if (count > widgetLimit) problems.push({ propertyPath: "sections", reason: `make ${count} widgets; CloudWatch takes ${widgetLimit}` });
  for (const [s, { rows }] of sections.entries())
    for (const [r, { widgets, height }] of rows.entries()) {
      const at = `sections[${s}].rows[${r}]`;
      if (widgets.length > gridWidth)
        problems.push({ propertyPath: `${at}.widgets`, reason: `are ${widgets.length} side by side; give at most ${gridWidth}` });
      if (!Number.isInteger(height) || height < 1 || height > 1000)
        problems.push({ propertyPath: `${at}.height`, reason: `is ${height}; give an integer from 1 to 1000 (grid units)` });
      for (const [w, widget] of widgets.entries()) {
        if (widget.kind !== "metric") continue;
        const ids = Object.keys(widget.series);
        if (ids.length === 0 || ids.length > metricLimit)
          problems.push({ propertyPath: `${at}.widgets[${w}].series`, reason: `are ${ids.length}; give from 1 to ${metricLimit}` });
        for (const [id, line] of Object.entries(widget.series)) {
          const path = `${at}.widgets[${w}].series.${id}`;
          if (!/^[a-z]\w*$/.test(id))
            problems.push({ propertyPath: path, reason: "is no id; start with a lower-case letter, then letters and digits" });
          for (const unknown of isCalculation(line) ? unknownIds(line.expression, ids) : [])
            problems.push({ propertyPath: `${path}.expression`, reason: `uses ${unknown}; give one of ${ids.join(", ")}` });
        }
      }
    }
  return problems;
}

/** Ids in an expression that no line of the widget has; functions are upper case. */
function unknownIds(expression: string, ids: readonly string[]): string[] {
  const words = expression.match(/\b[a-z]\w*\b/g) ?? [];
  return words.filter((word) => !ids.includes(word));
}

/**
 * One dashboard. Its document has no ids of its own and nothing of the moment in it, so it changes only when what it shows does.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Dashboard extends Component {
  /** The real resources. */
  readonly nodes: { readonly dashboard: CloudWatchDashboard };
  readonly arn: Output<string>;
  readonly dashboardName: string;

  constructor(name: string, args: DashboardArgs, opts?: ComponentResourceOptions) {
    const { dashboardName } = accepted(name, dashboard, args, sectionProblems(args.sections));
    super("slipway:dashboards:Dashboard", name, args, opts);
    const { region, sections } = args;
    const made = this.child(
      CloudWatchDashboard,
      name,
      { dashboardName, dashboardBody: jsonText(dashboardBody(layOut(sections), region)) },
      // The name is the account's: a dashboard cannot be made beside the one that it replaces.
      { transform: args.transform?.dashboard, deleteBeforeReplace: true },
    );
    this.nodes = { dashboard: made };
    this.arn = made.dashboardArn;
    this.dashboardName = dashboardName;
    this.registerOutputs({ dashboardName });
  }
}
