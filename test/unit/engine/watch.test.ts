/** A program whose engine was killed ends itself, and one whose engine lives goes on. */
import { createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

const watch = join(import.meta.dirname, "..", "..", "..", "infra", "engine", "watch.ts");
const program = (address: string) =>
  execa(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { exitWithEngine } from ${JSON.stringify(watch)};
     exitWithEngine(${JSON.stringify(address)}, 100);
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
  expect((await program(engine.address)).exitCode).toBe(1);
});

test("goes on while the engine answers", async () => {
  const engine = await listening();
  expect((await program(engine.address)).exitCode).toBe(7);
  engine.close();
});
