/** The tasks that make application users: what they may reach and read, and where a password is never seen. */
import { expect, test } from "vitest";
import { configOf } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";

const graph = await declaredGraph(configOf("bench/production", dataStores));
const task = "coinestate-prod-use1-db-main-init";
const ofType = (type: string) => graph.filter((resource) => resource.type === type);
const named = (type: string, name = task) => ofType(type).find((resource) => resource.name === name)!.inputs;
const container = () => JSON.parse(String(named("aws:ecs/taskDefinition:TaskDefinition").containerDefinitions))[0];

test("each PostgreSQL database has one, in its own region; DocumentDB and tables have none", () => {
  const tasks = ofType("aws:ecs/taskDefinition:TaskDefinition").filter(({ name }) => name.endsWith("-init"));
  expect(tasks.map(({ name }) => name).sort()).toEqual(["coinestate-prod-use1-db-ledger-init", task]);
});

test("both passwords are read when it starts, and stand in no variable and no command", () => {
  const { secrets, environment, command, readonlyRootFilesystem, user, image, portMappings } = container();
  const read = Object.fromEntries(secrets.map(({ name, valueFrom }: { name: string; valueFrom: string }) => [name, valueFrom]));
  expect(Object.keys(read)).toEqual(["APPLICATION_PASSWORD", "PGPASSWORD", "PGUSER"]);
  expect(read.PGPASSWORD).toMatch(/:secret:rds!db-.*:password::$/);
  expect(read.PGUSER).toBe(read.PGPASSWORD.replace(":password::", ":username::"));
  expect(read.APPLICATION_PASSWORD).toMatch(/:secret:coinestate-prod-use1-db-main-deedpro_app-.*:password::$/);
  expect(Object.fromEntries(environment.map(({ name, value }: { name: string; value: string }) => [name, value]))).toEqual({
    APPLICATION_IAM: "true",
    APPLICATION_USER: "deedpro_app",
    CERTIFICATES: "https://truststore.pki.rds.amazonaws.com/us-east-1/us-east-1-bundle.pem",
    PGDATABASE: "deedpro_production",
    PGHOST: expect.stringMatching(/\.rds\.amazonaws\.com$/),
    PGPORT: "5432",
  });
  const [, , script] = command as [string, string, string];
  // No program is called with a password: it goes by the environment, or through a pipe from the shell's own printf.
  expect(script.split("\n").filter((line) => /\$APPLICATION_PASSWORD|\$PGPASSWORD/.test(line))).toEqual([
    expect.stringMatching(/^printf '%s\\n%s\\n' "\$APPLICATION_PASSWORD" "\$APPLICATION_PASSWORD" \| client -c /),
    expect.stringMatching(/PGPASSWORD=\$APPLICATION_PASSWORD client -c 'SELECT 1'/),
  ]);
  expect(script).toContain("PGSSLMODE=verify-full");
  expect({ readonlyRootFilesystem, user, portMappings }).toEqual({
    readonlyRootFilesystem: true,
    user: "1000:1000",
    portMappings: undefined,
  });
  expect(image).toMatch(/^public\.ecr\.aws\/docker\/library\/postgres@sha256:[0-9a-f]{64}$/);
});

test("its role reads the two secrets with the database's key, and pulls from no private registry", () => {
  const policy = (name: string) => JSON.parse(String(named("aws:iam/rolePolicy:RolePolicy", name).policy)).Statement;
  const [read, decrypt, ...more] = policy(`${task}-execution-connections`);
  expect(more).toEqual([]);
  expect(read.Action).toEqual(["secretsmanager:GetSecretValue"]);
  expect(read.Resource).toEqual([expect.stringContaining(":secret:rds!db-"), expect.stringContaining("deedpro_app")]);
  expect(decrypt.Action).toEqual(["kms:Decrypt"]);
  const start = ofType("aws:iam/rolePolicy:RolePolicy").filter(({ name }) => name === `${task}-execution`);
  expect(start.map(({ inputs }) => String(inputs.policy)).join()).not.toContain("ecr:");
});

test("the database lets it in, nobody comes in to it, and it leaves by 443 and to the database", () => {
  const ofTask = (direction: "Egress" | "Ingress") =>
    ofType(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`).filter(({ name }) => name.startsWith(task));
  expect(ofTask("Egress").map(({ name, inputs }) => [name, inputs.fromPort])).toEqual([
    [`${task}-https`, 443],
    [`${task}-to-database`, 5432],
  ]);
  const [ingress, ...more] = ofTask("Ingress");
  expect(more).toEqual([]);
  const groups = ofType("aws:ec2/securityGroup:SecurityGroup");
  expect(groups.map(({ name }) => name)).toContain(task);
  expect(ingress!.inputs.securityGroupId).not.toBe(ingress!.inputs.referencedSecurityGroupId);
});

test("an image of the stack's own registry is pulled with rights to that repository alone", async () => {
  const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/psql@sha256:${"0a".repeat(32)}`;
  const own = await declaredGraph(configOf("bench/production", { ...dataStores, "databases.main.init.image": image }));
  const policies = own.filter(({ type, name }) => type === "aws:iam/rolePolicy:RolePolicy" && name.startsWith(`${task}-execution`));
  const statements = policies.flatMap(({ inputs }) => JSON.parse(String(inputs.policy)).Statement);
  expect(statements.find(({ Sid }) => Sid === "PullImages").Resource).toBe("arn:aws:ecr:us-east-1:123456789012:repository/psql");
  expect(() => configOf("bench/production", { ...dataStores, "databases.main.init.image": "postgres:17" })).toThrow(
    "databases.main.init.image",
  );
});
