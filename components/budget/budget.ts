/** A monthly cost budget that tells people before the money is gone. */
import { Budget as AwsBudget, type BudgetArgs as AwsBudgetArgs } from "@pulumi/aws/budgets/budget.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component, type InAccount, type Tagged, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { budget } from "./contract.ts";

/** Arguments of `Budget`: those of its contract, and these. */
export interface BudgetArgs extends Given<typeof budget>, Tagged, InAccount, Transformable<{ budget: AwsBudgetArgs }> {
  /**
   * Count only what carries this tag, `key` and `value`. The tag must be active for cost allocation in the payer's account, or
   * the budget stays at zero. @default the whole account
   */
  readonly onlyTagged?: { readonly key: string; readonly value: string } | undefined;
}

/**
 * Cost before credits and refunds, so that a credit does not hide what a stack costs.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Budget extends Component {
  /** The real resources. */
  readonly nodes: { readonly budget: AwsBudget };
  readonly name: Output<string>;

  constructor(name: string, args: BudgetArgs, opts?: ComponentResourceOptions) {
    const { usd, alertPercents, forecast, emails } = accepted(name, budget, args);
    super("slipway:budget:Budget", name, args, opts);
    const alert = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
      notificationType,
      comparisonOperator: "GREATER_THAN",
      thresholdType: "PERCENTAGE",
      threshold,
      subscriberEmailAddresses: emails.toSorted(),
    });
    const made = this.child(
      AwsBudget,
      name,
      {
        accountId: args.accountId,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: usd.toFixed(1), // AWS answers with one decimal; without it each refresh shows a difference
        limitUnit: "USD",
        costTypes: { includeCredit: false, includeRefund: false },
        costFilters:
          args.onlyTagged === undefined ? [] : [{ name: "TagKeyValue", values: [`user:${args.onlyTagged.key}$${args.onlyTagged.value}`] }],
        notifications: [
          ...alertPercents.toSorted((a, b) => a - b).map((percent) => alert("ACTUAL", percent)),
          ...(forecast ? [alert("FORECASTED", 100)] : []),
        ],
      },
      { transform: args.transform?.budget },
    );
    this.nodes = { budget: made };
    this.name = made.name;
    this.registerOutputs({ name: this.name });
  }
}
