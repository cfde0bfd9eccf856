/** Names are never longer than AWS takes, tell what they are of, and differ where what they are of differs. */
import { expect, test } from "vitest";
import { Names } from "../../components/environment/names.ts";
import { engineName, fittedName, keyedStart, nameRules, registeredName } from "../../components/physicalName.ts";
import { fc } from "../harness/campaign.ts";

const types = Object.keys(nameRules);
const targetGroup = "aws:lb/targetGroup:TargetGroup";
const instance = "aws:rds/instance:Instance";

/** What the config takes for a name of up to so many characters. */
const key = (longest: number) =>
  fc.stringMatching(new RegExp(`^[a-z](?:[a-z0-9-]{0,${longest - 2}}[a-z0-9])?$`)).filter((text) => text.length <= longest);

const region = fc.constantFrom("us-east-1", "ap-southeast-1", "eu-central-2");

/** A name as the program makes it: system, environment, region, a service or store, and what a component puts behind it. */
const wholeName = fc
  .tuple(key(20), key(20), region, key(40), fc.constantFrom("", "-blue", "-green", "-rollback-dead-letters"))
  .map(([system, environment, where, what, end]) => new Names({ system, environment }, where).regional(`${what}${end}`));

test("a name that fits is not changed at all", () => {
  fc.assert(
    fc.property(wholeName, (name) => {
      expect(fittedName("aws:sns/topic:Topic", name)).toBe(name);
      if (name.length <= 24) expect(engineName(targetGroup, name)).toBe(name);
    }),
  );
  expect(engineName(targetGroup, "shop-prod-euw1-api-green")).toBe("shop-prod-euw1-api-green");
  expect(fittedName("aws:ec2/vpc:Vpc", "x".repeat(300))).toHaveLength(300);
});

test.each(types)("%s: within the limit, with the engine's digits and a key's, legal to its last character", (type) => {
  const { longest } = nameRules[type as keyof typeof nameRules];
  fc.assert(
    fc.property(wholeName, (name) => {
      const drawn = `${engineName(type, name)}-1a2b3c4`;
      const keyed = `${keyedStart(type as keyof typeof nameRules, name)}1a2b3c4d`;
      for (const made of [fittedName(type, name), drawn, keyed]) {
        expect(made.length).toBeLessThanOrEqual(longest);
        expect(made).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
      }
    }),
  );
});

test("a cut name keeps its beginning, and the same hash in every run", () => {
  const cut = engineName(targetGroup, "coinestate-prod-use1-api-green");
  expect(cut).toMatch(/^coinestate-prod-u-[0-9a-z]{6}$/);
  expect(engineName(targetGroup, "coinestate-prod-use1-api-green")).toBe(cut);
  expect(cut).toBe("coinestate-prod-u-6kng3b");
});

test("two names are never one, cut or not", () => {
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.uniqueArray(wholeName, { minLength: 2, maxLength: 60 }), (type, names) => {
      expect(new Set(names.map((name) => engineName(type, name))).size).toBe(names.length);
    }),
  );
  const services = Array.from({ length: 2000 }, (_, index) => `coinestate-production-use1-service-number-${index}-green`);
  expect(new Set(services.map((name) => engineName(targetGroup, name))).size).toBe(services.length);
});

test("what AWS refuses in a name is taken out, and the name still differs from the one without it", () => {
  expect(fittedName(instance, "shop-prod-euw1-db-a--b")).toMatch(/^shop-prod-euw1-db-a-b-[0-9a-z]{6}$/);
  expect(fittedName(instance, "shop-prod-euw1-db-a-b")).toBe("shop-prod-euw1-db-a-b");
  expect(engineName("aws:lb/loadBalancer:LoadBalancer", "internal-prod-euw1-alb")).toMatch(/^internalprod-euw1-[0-9a-z]{6}$/);
  expect(engineName("aws:ec2/securityGroup:SecurityGroup", "sg-prod-euw1-api")).toMatch(/^sgprod-euw1-api-[0-9a-z]{6}$/);
  fc.assert(fc.property(wholeName, (name) => !fittedName(instance, name).includes("--")));
});

test("a resource that is given its name is registered under its whole one", () => {
  const long = "coinestate-prod-use1-backup-main-databases-contracts";
  expect(registeredName("aws:backup/selection:Selection", long, { name: "databases-contracts" })).toBe(long);
  expect(registeredName("aws:backup/selection:Selection", long, {})).toHaveLength(42);
  expect(registeredName(instance, `${long}${long}`, { identifier: "a" })).toBe(`${long}${long}`);
});
