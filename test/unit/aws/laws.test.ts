/** AWS is asked through one door: nothing starts the AWS CLI, and no client is made elsewhere. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const sources = ["infra", "ops", "rehearsal", "sandbox", "tools"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:ts|mjs|js)$/.test(file))
    .map((file) => ({ file: `${folder}/${file.replaceAll("\\", "/")}`, text: readFileSync(join(root, folder, file), "utf8") })),
);

/** Starts the AWS CLI: the first argument of whatever starts a process. */
const startsCli = /\b(?:execa|execaSync|execaNode|\$|spawn|spawnSync|exec|execSync|execFile|execFileSync)(?:<[^>]*>)?\(\s*["'`]aws[\s"'`]/;

test("the law sees what it forbids", () => {
  for (const text of ['execa("aws", [])', "spawn(\n  'aws'", "exec(`aws s3 ls`)"]) expect(text).toMatch(startsCli);
  expect('execa("awslocal")').not.toMatch(startsCli);
  expect(sources.length).toBeGreaterThan(200);
});

test("nothing starts the AWS CLI", () => {
  expect(sources.filter(({ text }) => startsCli.test(text)).map(({ file }) => file)).toEqual([]);
});

test("clients of AWS are made in ops/aws alone; elsewhere only their types are named", () => {
  const valueImport = /(?:^import (?!type\b)[^;]*from|\bimport\(|\brequire\()\s*["']@aws-sdk\//m;
  expect(sources.filter(({ text }) => valueImport.test(text)).map(({ file }) => file)).toEqual(["ops/aws/aws.ts"]);
});
