/** Where the CloudWatch console shows things: for messages, since nobody types an address at night. Pure. */

function console(region: string, page: string): string {
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#${page}`;
}

/** A dashboard. @param name in the account */
export function dashboardAddress(region: string, name: string): string {
  return console(region, `dashboards/dashboard/${name}`);
}

/** An alarm with its graph, for stacks without dashboards. @param name in account and region */
export function alarmAddress(region: string, name: string): string {
  return console(region, `alarmsV2:alarm/${encodeURIComponent(name)}`);
}
