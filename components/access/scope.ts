/** What the roles of a stack's pipeline are about. */

/** Account, regions and stores of one stack. */
export interface PipelineScope {
  /**
   * Whose latches, parameters, secrets and functions are the stack's own, by path and by the tags `System` and `Environment`.
   * @default unknown: latches, and what a refresh has to read, are refused
   */
  readonly stack?: { readonly system: string; readonly environment: string } | undefined;
  /** Account, 12 digits. */
  readonly accountId: string;
  /** Regions of the stack; us-east-1 is added, where CloudFront's certificates and logs live. */
  readonly regions: readonly string[];
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
