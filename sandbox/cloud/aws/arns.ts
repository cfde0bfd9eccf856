/** Templates of ARNs. */

/** ARN of a resource in a region. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:{region}:{account}:${resource}`;
}

/** ARN of a resource that belongs to no region. */
export function globalArn(service: string, resource: string): string {
  return `arn:aws:${service}::{account}:${resource}`;
}
