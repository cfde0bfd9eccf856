/** Names of secrets that both stores accept: three to fifteen parts, each with a slash in front. */
export const secretNamePattern = /^(?:\/[A-Za-z0-9_.-]+){3,15}$/;

/** ARN of an SSM parameter, known before it exists. @param name with its leading slash */
export function parameterArn(region: string, accountId: string, name: string): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter${name}`;
}
