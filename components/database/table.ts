/** DynamoDB table. */
import { Table as DynamoTable, type TableArgs as DynamoTableArgs } from "@pulumi/aws/dynamodb/table.js";
import { type ComponentResourceOptions, type Input, output } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import type { TableDatabase } from "./access.ts";
import { keyAttributes, table as tableContract } from "./contract.ts";

/** Arguments of `Table`: those of its contract, and these. */
export interface TableArgs extends Given<typeof tableContract>, Regional, Transformable<{ table: DynamoTableArgs }> {
  /** Key that encrypts the table. */
  readonly keyArn: Input<string>;
  /** Refuse to delete it in the engine and at AWS. @default false */
  readonly protect?: boolean;
}

/**
 * A table paid by request: encrypted, restorable to any second of the retention, kept when somebody deletes it in
 * production.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Table extends Component {
  /** The real resources. */
  readonly nodes: { readonly table: DynamoTable };
  readonly access: TableDatabase;

  constructor(name: string, args: TableArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, tableContract, args);
    super("slipway:database:Table", name, args, opts);
    const { keyArn, protect = false } = args;
    const { partitionKey, sortKey, indexes, expiryAttribute, pointInTimeDays } = given;
    const types = new Map(keyAttributes(given).map((attribute) => [attribute.name, attribute.type]));
    const byName = <T>([a]: readonly [string, T], [b]: readonly [string, T]) => (a < b ? -1 : 1);
    const table = this.child(
      DynamoTable,
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: partitionKey.name,
        ...(sortKey === undefined ? {} : { rangeKey: sortKey.name }),
        attributes: [...types].sort(byName).map(([attribute, type]) => ({ name: attribute, type })),
        globalSecondaryIndexes: Object.entries(indexes)
          .sort(byName)
          .map(([index, keys]) => ({
            name: index,
            projectionType: "ALL",
            keySchemas: [
              { attributeName: keys.partitionKey.name, keyType: "HASH" },
              ...(keys.sortKey === undefined ? [] : [{ attributeName: keys.sortKey.name, keyType: "RANGE" }]),
            ],
          })),
        ...(expiryAttribute === undefined ? {} : { ttl: { attributeName: expiryAttribute, enabled: true } }),
        serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: pointInTimeDays },
        deletionProtectionEnabled: protect,
      },
      { transform: args.transform?.table, protect },
    );
    this.nodes = { table };
    this.access = { kind: "table", tableName: table.name, keyArn: output(keyArn), arn: table.arn };
    this.registerOutputs({ tableName: this.access.tableName });
  }
}
