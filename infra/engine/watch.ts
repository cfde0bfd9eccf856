/** Ends the program when its engine is gone. */
import { connect, type NetConnectOpts } from "node:net";

/** Refused connections in a row that mean that nobody listens any more: one may be a full queue. */
const refusalsThatEnd = 2;

/**
 * Watches the engine's address. After a `kill -9` of the engine the SDK goes on asking for ever, at full load and with
 * memory growing by megabytes a second (seen with 3.270), so the program says why and ends itself instead.
 * @param address of the engine as gRPC writes it: `host:port`, `dns:///host:port`, `unix:/path`; another kind is not watched.
 * @default the one that the SDK was started with
 * @param everyMilliseconds time between two looks. @default 5000
 */
export function exitWithEngine(address = process.env.PULUMI_NODEJS_ENGINE, everyMilliseconds = 5000): void {
  const target = address === undefined ? undefined : engineTarget(address);
  if (target === undefined) return;
  let refusals = 0;
  const timer = setInterval(() => {
    const socket = connect(target);
    socket.on("connect", () => {
      refusals = 0;
      socket.destroy();
    });
    socket.on("error", ({ code }: NodeJS.ErrnoException) => {
      if (code !== "ECONNREFUSED" && code !== "ENOENT") return;
      refusals += 1;
      if (refusals < refusalsThatEnd) return;
      process.stderr.write(`The Pulumi engine at ${address} is gone (${code}, ${refusals} times): the program ends itself.\n`);
      process.exit(1);
    });
    socket.unref();
  }, everyMilliseconds);
  timer.unref();
}

/** Where a gRPC address leads; undefined for a kind that no socket of ours can ask. */
export function engineTarget(address: string): NetConnectOpts | undefined {
  const [, path] = /^unix:(?:\/\/(?=\/))?(.+)$/.exec(address) ?? [];
  if (path !== undefined) return { path };
  const [, bracketed, plain, port] = /^(?:(?:dns|ipv4|ipv6):(?:\/\/[^/]*\/)?)?(?:\[([^\]]+)\]|([^:/[\]]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { host, port: Number(port) };
}
