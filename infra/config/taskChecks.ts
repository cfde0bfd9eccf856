/** Rules about what a task is given: variables, secrets, paths. */
import { volumeName } from "../../components/service/container.ts";
import { type Problem, removeCommand, showValue } from "./problem.ts";
import type { PartialStackConfig, StackConfig } from "./stack.ts";

type Service = StackConfig["services"][string];

/** Everything wrong with the tasks of the services. */
export function taskProblems({ aws, services }: PartialStackConfig): Problem[] {
  return Object.entries(services ?? {}).flatMap(([name, service]) => [
    ...givenTwice(name, service),
    ...sameVolume(name, service),
    ...(aws === undefined ? [] : foreignSecrets(name, service, aws)),
  ]);
}

function givenTwice(name: string, { environment, secrets }: Service): Problem[] {
  return Object.keys(environment)
    .filter((variable) => Object.hasOwn(secrets, variable))
    .map((variable) => ({
      path: ["services", name, "environment", variable],
      found: "is among the secrets as well",
      allowed: "a variable in one of the two",
      mend: removeCommand(["services", name, "environment", variable]),
    }));
}

/** Paths become volume names, which have no slashes. */
function sameVolume(name: string, { writablePaths }: Service): Problem[] {
  return writablePaths.flatMap((path, index) => {
    const twin = writablePaths.slice(0, index).find((other) => volumeName(other) === volumeName(path));
    return twin === undefined
      ? []
      : [
          {
            path: ["services", name, "writablePaths", index],
            found: `is ${showValue(path)}, whose volume would have the name of that of ${twin}`,
            allowed: "a path that differs by more than its slashes",
          },
        ];
  });
}

function foreignSecrets(name: string, { secrets }: Service, aws: StackConfig["aws"]): Problem[] {
  return Object.entries(secrets).flatMap(([variable, reference]) => {
    const [, , , region, account] = reference.split(":");
    if (!reference.startsWith("arn:") || (region === aws.region && account === aws.accountId)) return [];
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
