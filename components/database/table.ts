/** DynamoDB table. */
import { Table as DynamoTable, type TableArgs as DynamoTableArgs } from "@pulumi/aws/dynamodb/table.js";
import { type ComponentResourceOptions, type Input, output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { Regional } from "../regional.ts";
import type { Transform } from "../transform.ts";
import type { TableDatabase } from "./access.ts";

/** One attribute that a key is made of: `S` text, `N` number, `B` bytes. */
interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** How items are found. */
interface TableKeys {
  readonly partitionKey: KeyAttribute;
  /** @default none: one item per partition key */
  readonly sortKey?: KeyAttribute | undefined;
}

/** Arguments of `Table`. */
export interface TableArgs extends TableKeys, Regional {
  /** Key that encrypts the table. */
  readonly keyArn: Input<string>;
  /** Further ways to find items, by index name; every attribute is in every index. @default none */
  readonly indexes?: Readonly<Record<string, TableKeys>>;
  /** Attribute with the second since 1970 at which an item expires. @default items do not expire */
  readonly expiryAttribute?: string | undefined;
  /** Days that any second can be restored of, 1–35. */
  readonly pointInTimeDays: number;
  /** Refuse to delete it in the engine and at AWS. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: { readonly table?: Transform<DynamoTableArgs> };
}

/** Everything wrong with plain arguments. */
export function tableProblems(args: TableArgs): ArgumentProblem[] {
  const problems = [
    ...outsideRange("pointInTimeDays", args.pointInTimeDays, 1, 35, "days"),
    ...outsideRange("indexes", Object.keys(args.indexes ?? {}).length, 0, 20, "indexes"),
  ];
  const types = new Map<string, string>();
  for (const { name, type } of attributesOf(args)) {
    const other = types.get(name);
    if (other !== undefined && other !== type)
      problems.push({ propertyPath: `attribute ${name}`, reason: `has type ${other} in one key and ${type} in another; give one type` });
    types.set(name, type);
  }
  return problems;
}

function attributesOf({ partitionKey, sortKey, indexes = {} }: TableArgs): KeyAttribute[] {
  return [{ partitionKey, sortKey }, ...Object.values(indexes)].flatMap((keys) =>
    keys.sortKey === undefined ? [keys.partitionKey] : [keys.partitionKey, keys.sortKey],
  );
}

/**
 * A table paid by request: encrypted, restorable to any second of the retention, kept when somebody deletes it in
 * production.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Table extends Component {
  readonly access: TableDatabase;

  constructor(name: string, args: TableArgs, opts?: ComponentResourceOptions) {
    super("slipway:database:Table", name, args, opts, tableProblems(args));
    const { keyArn, partitionKey, sortKey, indexes = {}, expiryAttribute, protect = false } = args;
    const attributes = new Map(attributesOf(args).map((attribute) => [attribute.name, attribute]));
    const byName = <T>([a]: readonly [string, T], [b]: readonly [string, T]) => (a < b ? -1 : 1);
    const table = this.child(
      DynamoTable,
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: partitionKey.name,
        ...(sortKey === undefined ? {} : { rangeKey: sortKey.name }),
        attributes: [...attributes].sort(byName).map(([, attribute]) => ({ ...attribute })),
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
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: args.pointInTimeDays },
        deletionProtectionEnabled: protect,
      },
      { transform: args.transform?.table, protect },
    );
    this.access = { kind: "table", tableName: table.name, keyArn: output(keyArn), arn: table.arn };
    this.registerOutputs({ tableName: this.access.tableName });
  }
}
