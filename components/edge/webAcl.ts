/** The edge's rules as an AWS WAF web ACL before a load balancer. */
import { LogGroup, type LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import { IpSet } from "@pulumi/aws/wafv2/ipSet.js";
import { WebAcl as AwsWebAcl, type WebAclArgs as AwsWebAclArgs } from "@pulumi/aws/wafv2/webAcl.js";
import { WebAclAssociation } from "@pulumi/aws/wafv2/webAclAssociation.js";
import { WebAclLoggingConfiguration } from "@pulumi/aws/wafv2/webAclLoggingConfiguration.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { recordedWebAcl } from "./contract.ts";
import type { EdgeRules } from "./rule.ts";
import type { AddressSets } from "./wafv2/statement.ts";
import { aclRules, type RuleAddressSets } from "./wafv2/webAclRules.ts";

/** Arguments of `WebAcl`: those of its contract, and these. */
export interface WebAclArgs extends Given<typeof recordedWebAcl>, Regional, Transformable<{ webAcl: AwsWebAclArgs }> {
  /** ARN of the load balancer that is guarded. */
  readonly resourceArn: Input<string>;
  /** Key that encrypts the record of refused and recorded requests. @default AWS's own */
  readonly keyArn?: Input<string> | undefined;
  /** Further headers that are never written to the record, beside credentials. @default none */
  readonly secretHeaders?: readonly string[] | undefined;
}

/** Headers that are never written to the record. */
const unrecorded = ["authorization", "cookie"];

/**
 * A web ACL that lets through what no rule refuses, bound to a load balancer; what its rules meet is recorded without
 * credentials. A rule's change of mode updates the web ACL in place.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class WebAcl extends Component {
  /** The real resources. */
  readonly nodes: { readonly webAcl: AwsWebAcl; readonly logGroup: LogGroup };
  readonly arn: Output<string>;
  /** Name by which metrics such as BlockedRequests are kept. */
  readonly metricName: string;

  constructor(name: string, args: WebAclArgs, opts?: ComponentResourceOptions) {
    const { rules, logRetentionDays } = accepted(name, recordedWebAcl, args);
    super("slipway:edge:WebAcl", name, args, opts);
    const acl = this.child(
      AwsWebAcl,
      name,
      {
        description: "Declared by Slipway",
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        rules: aclRules(rules, this.#addressSets(name, rules)),
        visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: name, sampledRequestsEnabled: true },
      },
      { transform: args.transform?.webAcl },
    );
    // A load balancer has one web ACL, and its association goes by the load balancer's ARN alone.
    this.child(WebAclAssociation, name, { webAclArn: acl.arn, resourceArn: args.resourceArn }, { deleteBeforeReplace: true });
    const logGroup = this.#record(name, { retentionInDays: logRetentionDays, kmsKeyId: args.keyArn }, acl, args.secretHeaders ?? []);
    this.nodes = { webAcl: acl, logGroup };
    this.arn = acl.arn;
    this.metricName = name;
    this.registerOutputs({ arn: this.arn });
  }

  #addressSets(name: string, rules: EdgeRules): RuleAddressSets {
    const setsOf = (key: string, addresses: readonly string[] = []): AddressSets => {
      const versions = [
        ["IPV4", addresses.filter((block) => !block.includes(":"))],
        ["IPV6", addresses.filter((block) => block.includes(":"))],
      ] as const;
      return Object.fromEntries(
        versions.flatMap(([version, blocks]) => {
          if (blocks.length === 0) return [];
          const set = `${name}-${key}-${version.toLowerCase()}`;
          const made = this.child(IpSet, set, { scope: "REGIONAL", ipAddressVersion: version, addresses: [...blocks].sort() });
          return [[version, made.arn]];
        }),
      );
    };
    return Object.fromEntries(
      Object.entries(rules).map(([rule, declared]) => [
        rule,
        declared.type === "match" || declared.type === "rate"
          ? { when: setsOf(rule, declared.when.addresses), unless: setsOf(`${rule}-unless`, declared.unless?.addresses) }
          : { when: {}, unless: {} },
      ]),
    );
  }

  #record(
    name: string,
    kept: Pick<LogGroupArgs, "retentionInDays" | "kmsKeyId">,
    acl: AwsWebAcl,
    secretHeaders: readonly string[],
  ): LogGroup {
    const group = this.child(LogGroup, `${name}-waf-logs`, {
      namePrefix: `aws-waf-logs-${name}-`, // AWS WAF delivers only to groups with this beginning
      ...kept,
    });
    // A web ACL has one, which goes by the ACL's ARN alone.
    this.child(
      WebAclLoggingConfiguration,
      name,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [group.arn],
        redactedFields: [...unrecorded, ...secretHeaders].map((header) => ({ singleHeader: { name: header } })),
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: ["BLOCK", "COUNT", "CHALLENGE"].map((action) => ({ actionCondition: { action } })),
            },
          ],
        },
      },
      { deleteBeforeReplace: true },
    );
    return group;
  }
}
