/** Secrets without a value, before tasks are about to read them. */
import { afterEach, describe, expect, test } from "vitest";
import { unsetVariable } from "../../../infra/config/newSecrets.ts";
import { missingSecrets, setCommands } from "../../../infra/release/missingSecrets.ts";
import { openAws } from "../../../ops/aws/open.ts";
import { tellUnsetSecrets } from "../../../ops/release/secrets.ts";
import { configOf } from "../../harness/config.ts";
import { ExaminedStack } from "../../harness/examinedStack.ts";
import { threeRegions } from "../../harness/failoverStack.ts";
import { onlyApi, unwatched } from "../../harness/smallStacks.ts";

const jwt = "/coinestate/staging/jwt/secret";
const arn = (name: string) => `arn:aws:ssm:us-east-1:123456789012:parameter${name}`;
const nowhere = async () => false;
const edits = { ...unwatched, ...onlyApi };
const config = configOf("staging", edits);
const named = ({ service, name, region }: { service: string; name: string; region: string }) => `${service} ${name} ${region}`;
const definition = (references: readonly string[]) => ({
  type: "aws:ecs/taskDefinition:TaskDefinition",
  outputs: { containerDefinitions: JSON.stringify([{ secrets: references.map((valueFrom) => ({ name: "X", valueFrom })) }]) },
});
const urn = "urn:pulumi:staging::slipway::x$aws:ecs/taskDefinition:TaskDefinition::coinestate-staging-use1-api-green";

afterEach(() => {
  delete process.env[unsetVariable];
});

describe("secrets that tasks read for the first time", () => {
  test("are asked for; those that run are not", async () => {
    const all = await missingSecrets(config, {}, nowhere);
    expect(all.map(named)).toContain(`api ${jwt} us-east-1`);
    const others = all.map(({ name }) => name).filter((name) => name !== jwt);
    const left = await missingSecrets(config, { [urn]: definition(others.map(arn)) }, nowhere);
    expect(left.map(named)).toEqual([`api ${jwt} us-east-1`]);
    expect(await missingSecrets(config, { [urn]: definition([arn(jwt), ...others.map(arn)]) }, nowhere)).toEqual([]);
    // A name that only begins like one that runs is another.
    expect(await missingSecrets(config, { [urn]: definition([`${arn(jwt)}-2`, ...others.map(arn)]) }, nowhere)).toHaveLength(1);
  });

  test("that are entries are known by their name, and copied to standby regions; parameters are set in each", async () => {
    const parameters = Object.values(config.services.api!.secrets).filter((name) => name !== jwt);
    const secrets = { ...Object.fromEntries(parameters.map((name) => [name, { store: "parameter" }])), [jwt]: { store: "secretsManager" } };
    const three = configOf("staging", { ...edits, ...threeRegions, secrets });
    const missing = await missingSecrets(three, {}, nowhere);
    expect(missing.filter(({ name }) => name === jwt).map(({ region }) => region)).toEqual(["us-east-1"]);
    const [other] = missing.filter(({ name }) => name !== jwt);
    expect(missing.filter(({ name }) => name === other!.name)).toHaveLength(3);
    const entry = `arn:aws:secretsmanager:us-east-1:123456789012:secret:${jwt}-AbCdEf`;
    expect((await missingSecrets(three, { [urn]: definition([entry]) }, nowhere)).map(({ name }) => name)).not.toContain(jwt);
    const commands = setCommands(missing, "staging", "us-east-1", false);
    expect(commands).toContain(`slipway secrets set --stack staging ${jwt}`);
    expect(commands).toContain(`slipway secrets set --stack staging --region eu-west-1 ${other!.name}`);
  });

  test("a store that does not answer is not one without a value", async () => {
    await expect(missingSecrets(config, {}, () => Promise.reject(new Error("AccessDenied")))).rejects.toThrow("AccessDenied");
  });
});

test("a command asks the stores' lists and hands the answer over, so that the program asks nobody", async () => {
  using examined = await new ExaminedStack("staging", edits).complete();
  const { stack } = examined;
  await tellUnsetSecrets(stack.config, { resources: [], pendingOperations: [] }, openAws(stack));
  const asksNobody = () => Promise.reject(new Error("asked"));
  expect(await missingSecrets(stack.config, {}, asksNobody)).toEqual([]);
  examined.remove("aws:ssm/parameter:Parameter");
  await tellUnsetSecrets(stack.config, { resources: [], pendingOperations: [] }, openAws(stack));
  const missing = await missingSecrets(stack.config, {}, asksNobody);
  expect(missing.map(named)).toContain(`api ${jwt} us-east-1`);
});
