/** Rules about what a task is given: variables and secrets. */
import { type Problem, removeCommand } from "./problem.ts";
import { secretPlace } from "./secrets.ts";
import type { PartialStackConfig, StackConfig } from "./stack.ts";

type Service = StackConfig["services"][string];

/** Everything wrong with the tasks of the services. */
export function taskProblems({ aws, secrets, services }: PartialStackConfig): Problem[] {
  return Object.entries(services ?? {}).flatMap(([name, service]) => [
    ...givenTwice(name, service),
    ...(aws === undefined || secrets === undefined ? [] : foreignSecrets(name, service, { aws, secrets })),
  ]);
}

function givenTwice(name: string, { environment, secrets }: Service): Problem[] {
  return Object.keys(environment)
    .filter((variable) => Object.hasOwn(secrets, variable))
    .map((variable) => ({
      path: ["services", name, "environment", variable],
      found: "is among the secrets as well",
      allowed: "a variable in one of the two",
      fix: removeCommand(["services", name, "environment", variable]),
    }));
}

function foreignSecrets(name: string, service: Service, config: Pick<StackConfig, "aws" | "secrets">): Problem[] {
  const { aws } = config;
  return Object.entries(service.secrets).flatMap(([variable, reference]) => {
    const { region, account } = secretPlace(config, reference);
    if (region === aws.region && account === aws.accountId) return [];
    return [
      {
        path: ["services", name, "secrets", variable],
        found: `is in ${region}, account ${account}`,
        reason: "tasks read secrets with the rights of their own account and region",
        allowed: `a secret in ${aws.region}, account ${aws.accountId}`,
      },
    ];
  });
}
