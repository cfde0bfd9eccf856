/** `--connect <host>=<address:port>`: another way to a host, as curl's --connect-to has it. The host's name stays what is asked for. */
import { UserError } from "../userError.ts";

/** Where a host is asked instead of where its name leads. */
export interface Connection {
  readonly address: string;
  readonly port: number;
  /** False for an address that begins with `http://`: no TLS. */
  readonly secure: boolean;
}

/** Connections by host. */
export type Connections = ReadonlyMap<string, Connection>;

/** Reads one. @returns host and connection @throws UserError for another form */
export function parseConnection(text: string): readonly [string, Connection] {
  const at = text.indexOf("=");
  const [host, place] = [text.slice(0, at).toLowerCase(), text.slice(at + 1)];
  const url = URL.parse(/^https?:\/\//.test(place) ? place : `https://${place}`);
  if (at < 1 || url === null || url.hostname === "" || url.pathname !== "/" || url.username !== "")
    throw new UserError(
      `--connect is ${text}; give <host>=<address:port>, such as api.example.com=192.0.2.10:443, or with http:// for a server without TLS.`,
      2,
    );
  const secure = url.protocol === "https:";
  return [host, { address: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || (secure ? 443 : 80)), secure }];
}

/** Reads all of them. @param hosts those that are asked @throws UserError for a host that nobody asks */
export function parseConnections(texts: readonly string[], hosts: readonly string[]): Connections {
  const connections = new Map(texts.map(parseConnection));
  const unknown = [...connections.keys()].filter((host) => !hosts.includes(host));
  if (unknown.length > 0)
    throw new UserError(`--connect names ${unknown.join(", ")}, which is not asked. Asked are: ${hosts.join(", ") || "none"}.`, 2);
  return connections;
}
