/** A program whose engine was killed ends itself, and one whose engine lives goes on. */
import { createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { engineTarget } from "../../../infra/engine/watch.ts";

const watch = join(import.meta.dirname, "..", "..", "..", "infra", "engine", "watch.ts");
const program = (address: string, every = 100) =>
  execa(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { exitWithEngine } from ${JSON.stringify(watch)};
     exitWithEngine(${JSON.stringify(address)}, ${every});
     setTimeout(() => process.exit(7), 3000);`,
    ],
    { reject: false },
  );

async function listening(): Promise<{ address: string; close: () => void }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { address: `127.0.0.1:${address.port}`, close: () => server.close() };
}

test("ends within moments when nothing listens at the engine's address", async () => {
  const engine = await listening();
  engine.close();
  const { exitCode, stderr } = await program(engine.address);
  expect(exitCode).toBe(1);
  expect(stderr).toBe(`The Pulumi engine at ${engine.address} is gone (ECONNREFUSED, 2 times): the program ends itself.`);
});

test.each(["unix:///run/slipway-no-engine.sock", "dns:///127.0.0.1:1"])("knows %s, at which nothing listens", async (address) => {
  expect((await program(address)).exitCode).toBe(1);
});

test.each(["xds:///engine", "127.0.0.1:99999", "localhost"])("goes on at %s, which no socket can ask", async (address) => {
  const { exitCode, stderr } = await program(address);
  expect([exitCode, stderr]).toEqual([7, ""]);
});

test.each([
  ["127.0.0.1:50051", { host: "127.0.0.1", port: 50_051 }],
  ["localhost:50051", { host: "localhost", port: 50_051 }],
  ["[::1]:50051", { host: "::1", port: 50_051 }],
  ["dns:engine:50051", { host: "engine", port: 50_051 }],
  ["dns:///engine:50051", { host: "engine", port: 50_051 }],
  ["dns://8.8.8.8/engine:50051", { host: "engine", port: 50_051 }],
  ["ipv4:127.0.0.1:50051", { host: "127.0.0.1", port: 50_051 }],
  ["ipv6:[::1]:50051", { host: "::1", port: 50_051 }],
  ["unix:run/engine.sock", { path: "run/engine.sock" }],
  ["unix:/run/engine.sock", { path: "/run/engine.sock" }],
  ["unix:///run/engine.sock", { path: "/run/engine.sock" }],
  ["", undefined],
])("reads the address %s", (address, target) => expect(engineTarget(address)).toEqual(target));

test("takes a single refusal for a full queue", async () => {
  const engine = await listening();
  engine.close();
  const again = createServer((socket) => socket.destroy());
  const started = program(engine.address, 1000);
  // Looked at after 1 and after 2 seconds and more: refused once, then answered.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await new Promise<void>((resolve) => again.listen(Number(engine.address.split(":")[1]), "127.0.0.1", resolve));
  expect((await started).exitCode).toBe(7);
  again.close();
});

test("goes on while the engine answers", async () => {
  const engine = await listening();
  expect((await program(engine.address)).exitCode).toBe(7);
  engine.close();
});
