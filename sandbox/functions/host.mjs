// Runs one function of the simulated cloud as Lambda does: loads its handler once, then answers events one after the other.
import { pathToFileURL } from "node:url";

const [file = "", exported = "handler"] = process.argv.slice(2);
const { [exported]: handler } = await import(pathToFileURL(file).href);

process.on("message", async (/** @type {{ event: unknown }} */ { event }) => {
  try {
    process.send?.({ result: (await handler(event, { functionName: process.env.AWS_LAMBDA_FUNCTION_NAME })) ?? null });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
});
process.on("disconnect", () => process.exit());
process.send?.({ ready: true });
