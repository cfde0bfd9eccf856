/** Rules about what a task is given: variables, secrets, paths. */
import { pathsDifferBy, sameVolumes } from "../../components/volumeNames.ts";
import { type Problem, removeCommand, showValue } from "./problem.ts";
import { secretPlace } from "./secrets.ts";
import type { PartialStackConfig, StackConfig } from "./stack.ts";

type Service = StackConfig["services"][string];

/** Everything wrong with the tasks of the services. */
export function taskProblems({ aws, secrets, services }: PartialStackConfig): Problem[] {
  return Object.entries(services ?? {}).flatMap(([name, service]) => [
    ...givenTwice(name, service),
    ...sameVolume(name, service),
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

/** Paths become volume names, which have no slashes. */
function sameVolume(name: string, { compute, writablePaths }: Service): Problem[] {
  return sameVolumes(compute, writablePaths).map(({ index, twin }) => ({
    path: ["services", name, "writablePaths", index],
    found: `is ${showValue(writablePaths[index])}, whose volume would have the name of that of ${twin}`,
    allowed: `a path that differs by ${pathsDifferBy[compute]}`,
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
