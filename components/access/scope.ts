/** What the roles of a stack's pipeline are about. */

/** Account, regions and stores of one stack. */
export interface PipelineScope {
  /** Account, 12 digits. */
  readonly accountId: string;
  /** Value of the tag `System` on everything in the stack. @default unknown: latches and the content of what is its own are refused */
  readonly system?: string | undefined;
  /** Value of the tag `Environment` on everything in the stack. @default unknown, as `system` */
  readonly environment?: string | undefined;
  /** Regions of the stack; us-east-1 is added, where CloudFront's certificates and logs live. */
  readonly regions: readonly string[];
  /** What the engine's names of buckets, functions and drawn secrets start with: `use1-`. @default none */
  readonly nameStarts?: readonly string[] | undefined;
  /** Names of parameters that the stack makes beside its latches. @default none */
  readonly parameters?: readonly string[] | undefined;
  /** Route 53 zone whose records the stack writes. @default none */
  readonly hostedZoneId?: string | undefined;
  /** Where the engine keeps its state. @default not in this account */
  readonly state?:
    | {
        /** Bucket of the state backend. */
        readonly bucket: string;
        /** Key of the secrets provider. @default none: a passphrase */
        readonly keyArn?: string | undefined;
      }
    | undefined;
}

/** ARNs in every region of the stack. */
export function regional({ accountId, regions }: PipelineScope, service: string, resource: string): string[] {
  return [...new Set([...regions, "us-east-1"])].sort().map((region) => `arn:aws:${service}:${region}:${accountId}:${resource}`);
}

/** ARN in a service without regions. */
export function global({ accountId }: PipelineScope, service: string, resource: string): string {
  return `arn:aws:${service}::${accountId}:${resource}`;
}
