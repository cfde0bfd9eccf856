/** Ends the program when its engine is gone. */
import { connect } from "node:net";

/**
 * Watches the engine's address. After a `kill -9` of the engine the SDK goes on asking for ever, at full load and with
 * memory growing by megabytes a second (seen with 3.270), so the program ends itself instead.
 * @param address `host:port` of the engine. @default the one that the SDK was started with
 * @param everyMilliseconds time between two looks. @default 5000
 */
export function exitWithEngine(address = process.env.PULUMI_NODEJS_ENGINE, everyMilliseconds = 5000): void {
  const [host, port] = address?.split(":") ?? [];
  if (host === undefined || port === undefined) return;
  const timer = setInterval(() => {
    const socket = connect(Number(port), host);
    socket.on("connect", () => socket.destroy());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") process.exit(1);
    });
    socket.unref();
  }, everyMilliseconds);
  timer.unref();
}
