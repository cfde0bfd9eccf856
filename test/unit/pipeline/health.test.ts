/** Waiting until users are served, after an update of the pipeline. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { waitForHealth } from "../../../ops/ci/health.ts";

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that answers with each status once, and then with the last one. @returns its address */
async function answering(...statuses: number[]): Promise<string> {
  server = createServer((_, response) => response.writeHead(statuses.length > 1 ? statuses.shift()! : statuses[0]!).end());
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
}

describe("an address", () => {
  test("that answers 200 is waited for, past what came before", async () => {
    await expect(waitForHealth([await answering(503, 200, 200, 502, 200)], 5, 10)).resolves.toBeUndefined();
  });

  test.each([[503], [302]])("that answers %i to the end is named", async (status) => {
    const address = await answering(status);
    await expect(waitForHealth([address], 0.1, 20)).rejects.toThrow(`${address}: answers ${status}`);
  });

  test("that nobody listens at is named, with why", async () => {
    // Below the ports that are given out: one that was just closed may be another process's by now.
    const address = "http://127.0.0.1:2/health";
    await expect(waitForHealth([address], 0.1, 20)).rejects.toThrow(`${address}: the connection is refused`);
  });
});
