/** The rollback function's calls of AWS do not wait for who does not answer. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { Cloud } from "../../../components/rollback/function/cloud.mjs";
import { settings } from "../../harness/rolledBack.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("a cloud that does not answer who asks for tasks is left after a second", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const environment = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s", AWS_ENDPOINT_URL: url };
  for (const [key, value] of Object.entries(environment)) vi.stubEnv(key, value);
  const began = performance.now();
  const receiver = { serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/main/api-blue", minimum: 1, maximum: 9 };
  const refused = await new Cloud(settings).askForTasks(receiver, 4);
  expect(refused).toHaveLength(2);
  expect(performance.now() - began).toBeLessThan(3000);
  silent.close();
  silent.closeAllConnections();
});
