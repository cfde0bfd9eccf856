/** One request as an edge sees it, and the fields that Cloudflare makes of it. */

export interface EdgeRequest {
  readonly method: string;
  readonly host: string;
  /** Path and query as sent. */
  readonly uri: string;
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly address: string;
  readonly country: string;
  /** Bot score, 1–99; 0 is not computed. */
  readonly botScore: number;
  readonly verifiedBot: boolean;
}

export function request(given: Partial<EdgeRequest>): EdgeRequest {
  const usual = { method: "GET", host: "api.coinestate.io", uri: "/v1/properties", address: "203.0.113.7", country: "US" };
  return { ...usual, botScore: 80, verifiedBot: false, ...given, headers: { "user-agent": "Mozilla/5.0 Firefox/140.0", ...given.headers } };
}

export type Value = boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** Path with its dots and repeated slashes resolved and harmless escapes decoded, as both edges level it. */
export function normalPath(uri: string): string {
  const path = (uri.split("?")[0] ?? "").replaceAll(/%([0-9a-fA-F]{2})/g, (all, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : all;
  });
  return new URL(`http://h${path.replaceAll("\\", "/").replaceAll(/\/{2,}/g, "/")}`).pathname;
}

export function queryOf(uri: string): string {
  const at = uri.indexOf("?");
  return at < 0 ? "" : uri.slice(at + 1);
}

/** Value of a field for this request; undefined for a field that the harness does not know. */
export function fieldOf(name: string, sent: EdgeRequest, responseCode?: number): Value | undefined {
  const path = normalPath(sent.uri);
  const fields: Readonly<Record<string, Value>> = {
    ssl: true,
    "http.host": sent.host,
    "http.request.method": sent.method,
    "http.request.uri": sent.uri,
    "http.request.uri.path": path,
    "http.request.uri.path.extension": /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "",
    "http.request.uri.query": queryOf(sent.uri),
    "http.request.full_uri": `https://${sent.host}${sent.uri}`,
    "http.user_agent": sent.headers["user-agent"] ?? "",
    "http.cookie": sent.headers.cookie ?? "",
    "http.referer": sent.headers.referer ?? "",
    "http.request.headers": Object.fromEntries(Object.entries(sent.headers).map(([key, value]) => [key, [value]])),
    "http.request.headers.names": Object.keys(sent.headers),
    "http.request.headers.values": Object.values(sent.headers),
    "ip.src": sent.address,
    "ip.src.country": sent.country,
    "cf.bot_management.score": sent.botScore,
    "cf.bot_management.verified_bot": sent.verifiedBot,
    "cf.bot_management.static_resource": /\.(css|js|png|jpg|svg|woff2)$/.test(path),
    ...(responseCode === undefined ? {} : { "http.response.code": responseCode }),
  };
  return fields[name];
}

/** Whether an address is in a block; both of the same IP version. */
export function inBlock(address: string, block: string): boolean {
  const [network = "", bits] = block.split("/");
  if (address.includes(":") !== network.includes(":")) return false;
  const size = address.includes(":") ? 128 : 32;
  const shift = BigInt(size - Number(bits ?? size));
  return bitsOf(address) >> shift === bitsOf(network) >> shift;
}

function bitsOf(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  const [head = "", tail] = address.split("::");
  const groups = (text: string | undefined) => (text ? text.split(":") : []);
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: zeros }, () => "0"), ...groups(tail)];
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group || "0"}`), 0n);
}
