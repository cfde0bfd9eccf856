/** Values that a task reads when it starts: without one of them its container is never made. */
import { objectsIn, type Properties } from "../../provider/values.ts";
import type { LiveStore } from "../liveStore.ts";
import { parameterType } from "./ssm.ts";

const versionType = "aws:secretsmanager/secretVersion:SecretVersion";
const start =
  "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve";

/**
 * Why a container of a task cannot be made, in ECS's words (guide, "Resolve Amazon ECS ResourceInitializationError errors";
 * amazon-ecs-agent, agent/ssm/ssm.go and agent/asm/asm.go).
 * @param account of the task; what another one keeps is believed
 */
export function missingValue(store: LiveStore, container: Properties, account: string): string | undefined {
  const references = objectsIn(container.secrets).map(({ valueFrom }) => String(valueFrom));
  const own = references.filter((reference) => reference.split(":")[4] === account);
  const parameters = own.filter((reference) => reference.split(":")[2] === "ssm" && !parameterThere(store, reference));
  if (parameters.length > 0) {
    const names = parameters.map((reference) => reference.split(":parameter")[1]);
    return `${start} secrets from ssm: service call has been retried 1 time(s): invalid parameters: ${names.join(", ")}`;
  }
  const entry = own.find((reference) => reference.split(":")[2] === "secretsmanager" && !entryThere(store, entryOf(reference)));
  if (entry === undefined) return undefined;
  return `${start} secret from asm: service call has been retried 1 time(s): failed to fetch secret ${entryOf(entry)} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT`;
}

function parameterThere(store: LiveStore, arn: string): boolean {
  const [, , , region, account] = arn.split(":");
  const name = arn.split(":parameter")[1] ?? "";
  return [name, name.slice(1)].some((id) => store.get(parameterType, id, `${account}/${region}`) !== undefined);
}

/** What follows the seven parts names a field of the secret. */
function entryOf(reference: string): string {
  return reference.split(":").slice(0, 7).join(":");
}

/** Copies in other regions have the original's value; secrets that RDS makes have one from the start. */
function entryThere(store: LiveStore, arn: string): boolean {
  const anywhere = (id: unknown) => String(id).split(":").with(3, "").join(":");
  return (
    arn.includes(":secret:rds!") || store.all(versionType).some(({ properties: { secretId } }) => anywhere(secretId) === anywhere(arn))
  );
}
