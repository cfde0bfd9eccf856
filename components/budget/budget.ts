/** A monthly cost budget that tells people before the money is gone. */
import { Budget as AwsBudget, type BudgetArgs as AwsBudgetArgs } from "@pulumi/aws/budgets/budget.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import type { InAccount, Tagged } from "../regional.ts";
import type { Transform } from "../transform.ts";

/** Arguments of `Budget`. */
export interface BudgetArgs extends Tagged, InAccount {
  /** Limit per month, US dollars. */
  readonly monthlyUsd: number;
  /** Percent of the limit at which actual cost is notified, rising. @default [50, 80, 100] */
  readonly alertPercents?: readonly number[];
  /** Tell as well when the month's forecast passes the limit. @default true */
  readonly forecast?: boolean;
  /** E-mail addresses that are notified, 1–10. */
  readonly emails: readonly string[];
  /**
   * Count only what carries this tag, `key` and `value`. The tag must be active for cost allocation in the payer's account, or
   * the budget stays at zero. @default the whole account
   */
  readonly onlyTagged?: { readonly key: string; readonly value: string } | undefined;
  /** Changes to single children. @default none */
  readonly transform?: { readonly budget?: Transform<AwsBudgetArgs> };
}

/** Everything wrong with plain arguments. */
function budgetProblems({ monthlyUsd, alertPercents = [50, 80, 100], emails, forecast = true }: BudgetArgs): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  if (!(monthlyUsd > 0)) problems.push({ propertyPath: "monthlyUsd", reason: `is ${monthlyUsd}; give an amount above 0 (US dollars)` });
  if (emails.length === 0 || emails.length > 10)
    problems.push({ propertyPath: "emails", reason: `has ${emails.length} addresses; give 1 to 10` });
  if (alertPercents.length + Number(forecast) > 10)
    problems.push({ propertyPath: "alertPercents", reason: "and the forecast are more than 10 alerts, AWS's limit of a budget" });
  if (new Set(alertPercents).size !== alertPercents.length)
    problems.push({ propertyPath: "alertPercents", reason: "names a percentage twice; AWS refuses two equal alerts" });
  return problems;
}

/**
 * Cost before credits and refunds, so that a credit does not hide what a stack costs.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Budget extends Component {
  readonly name: Output<string>;

  constructor(name: string, args: BudgetArgs, opts?: ComponentResourceOptions) {
    super("slipway:budget:Budget", name, args, opts, budgetProblems(args));
    const alert = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
      notificationType,
      comparisonOperator: "GREATER_THAN",
      thresholdType: "PERCENTAGE",
      threshold,
      subscriberEmailAddresses: [...args.emails].sort(),
    });
    const percents = [...(args.alertPercents ?? [50, 80, 100])].sort((a, b) => a - b);
    this.name = this.child(
      AwsBudget,
      name,
      {
        accountId: args.accountId,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: args.monthlyUsd.toFixed(1), // AWS answers with one decimal; without it each refresh shows a difference
        limitUnit: "USD",
        costTypes: { includeCredit: false, includeRefund: false },
        costFilters:
          args.onlyTagged === undefined ? [] : [{ name: "TagKeyValue", values: [`user:${args.onlyTagged.key}$${args.onlyTagged.value}`] }],
        notifications: [
          ...percents.map((percent) => alert("ACTUAL", percent)),
          ...((args.forecast ?? true) ? [alert("FORECASTED", 100)] : []),
        ],
      },
      { transform: args.transform?.budget },
    ).name;
    this.registerOutputs({ name: this.name });
  }
}
