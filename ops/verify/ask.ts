/** One question over HTTPS, on a connection of its own, as a user's first one is. */
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP } from "node:net";
import { TLSSocket } from "node:tls";
import type { Connection } from "./connection.ts";

/** As much of an answer as Route 53's checkers read, bytes. */
const readBytes = 5120;

/** How a question is put. */
export interface AskOptions {
  /** Where to connect. @default where the name leads */
  readonly connection?: Connection | undefined;
  /** @default 10 000 */
  readonly timeoutMilliseconds?: number;
  /** Authority to trust besides, PEM; for tests. @default those that Node.js knows */
  readonly authority?: string;
}

/** An answer. */
export interface Answer {
  readonly status: number;
  /** The first 5,120 bytes. */
  readonly text: string;
  /** From the question, on the open connection, to the end of what is read. */
  readonly milliseconds: number;
  /** Days until the certificate ends. @default asked without TLS */
  readonly certificateDays?: number;
}

/** No answer, and why. */
export interface NoAnswer {
  readonly reason: string;
}

/** Asks. Redirects are not followed. Never throws for a server that does not answer. */
export function ask(url: URL, { connection, timeoutMilliseconds = 10_000, authority }: AskOptions = {}): Promise<Answer | NoAnswer> {
  const secure = connection?.secure ?? url.protocol === "https:";
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const options = {
    ...{ host: connection?.address ?? name, port: connection?.port ?? (url.port || (secure ? 443 : 80)), path: url.pathname + url.search },
    ...{ headers: { host: url.host, "user-agent": "slipway-verify", accept: "*/*" }, agent: false, signal },
  };
  const tls = { servername: isIP(name) === 0 ? name : "", ...(authority === undefined ? {} : { ca: authority }) };
  return new Promise((resolve) => {
    let asked = performance.now();
    const refuse = (error: Error) =>
      resolve({ reason: signal.aborted ? `no answer within ${timeoutMilliseconds / 1000} s` : reasonOf(error) });
    const request = secure ? secureRequest({ ...options, ...tls }) : plainRequest(options);
    request.on("error", refuse); // not once: a connection may be cut again after the answer
    request.once("socket", (socket) => {
      socket.once(secure ? "secureConnect" : "connect", () => {
        asked = performance.now();
      });
    });
    request.once("response", (response) => {
      const certificateDays = daysLeft(response);
      readBeginning(response).then((text) => {
        const milliseconds = Math.round(performance.now() - asked);
        resolve({ status: response.statusCode ?? 0, text, milliseconds, ...(certificateDays === undefined ? {} : { certificateDays }) });
      }, refuse);
    });
    request.end();
  });
}

/** Reads until the end, or until enough is read. */
async function readBeginning(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response) {
    parts.push(Buffer.from(part));
    length += Buffer.byteLength(part);
    if (length >= readBytes) break; // leaving the loop closes the connection
  }
  return Buffer.concat(parts).subarray(0, readBytes).toString("utf8");
}

function daysLeft({ socket }: IncomingMessage): number | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const end = Date.parse(socket.getPeerCertificate().valid_to);
  return Number.isNaN(end) ? undefined : Math.floor((end - Date.now()) / 86_400_000);
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: "the name is not in the DNS",
  EAI_AGAIN: "the DNS does not answer",
  ECONNREFUSED: "the connection is refused",
  ECONNRESET: "the connection is cut off",
  EHOSTUNREACH: "no way to the address",
  ENETUNREACH: "no way to the address",
  CERT_HAS_EXPIRED: "the certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is signed by itself",
};

function reasonOf(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  const known = reasons[code];
  return known === undefined ? error.message || code : `${known} (${code})`;
}
