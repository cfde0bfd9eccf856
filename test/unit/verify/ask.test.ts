/** One question: what servers on loopback answer, or do not. */
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, ask } from "../../../ops/verify/ask.ts";
import type { Connection } from "../../../ops/verify/connection.ts";
import { testCertificate } from "../../harness/testCertificate.ts";

const { key, cert } = testCertificate();
const seen: { readonly host: string | undefined; readonly url: string | undefined }[] = [];

const answers: RequestListener = ({ headers, url }, response) => {
  seen.push({ host: headers.host, url });
  switch (url) {
    case "/slow":
      setTimeout(() => response.end("late"), 300);
      return;
    case "/hangs":
      return;
    case "/half":
      response.writeHead(200).write("the beginning");
      return;
    case "/cut":
      response.socket?.destroy();
      return;
    case "/endless": {
      const more = () => {
        if (response.write("x".repeat(4096))) setImmediate(more);
        else response.once("drain", more);
      };
      more();
      return;
    }
    case "/moved":
      response.writeHead(302, { location: "/" }).end();
      return;
    default:
      response.writeHead(url === "/broken" ? 503 : 200).end('{"status":"ok"}');
  }
};

let plain: Server;
let secure: ReturnType<typeof createSecureServer>;
let names: string[] = [];
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const portOf = (server: Server) => (server.address() as AddressInfo).port;
const to = (server: Server): Connection => ({ address: "127.0.0.1", port: portOf(server), secure: server !== plain });
const question = (path: string, timeoutMilliseconds = 2000) =>
  ask(new URL(`https://api.example.com${path}`), { connection: to(plain), timeoutMilliseconds });

beforeAll(async () => {
  plain = createServer(answers);
  secure = createSecureServer(
    {
      key,
      cert,
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    },
    answers,
  );
  await Promise.all([listen(plain), listen(secure)]);
});
afterAll(() => {
  for (const server of [plain, secure]) {
    server.closeAllConnections();
    server.close();
  }
});

describe("without TLS", () => {
  test("the address is another, and the host that is asked for is the endpoint's", async () => {
    const answer = await question("/v1/health?deep=1");
    expect(answer).toEqual({ status: 200, text: '{"status":"ok"}', milliseconds: expect.any(Number) });
    expect(seen.at(-1)).toEqual({ host: "api.example.com", url: "/v1/health?deep=1" });
  });

  test.each([
    ["/broken", 503],
    ["/moved", 302],
  ])("%s is answered %i, and not followed", async (path, status) => {
    expect(await question(path)).toMatchObject({ status });
  });

  test("a slow answer is measured from the question to its end", async () => {
    const { milliseconds } = (await question("/slow")) as Answer;
    expect(milliseconds).toBeGreaterThanOrEqual(295);
    expect(milliseconds).toBeLessThan(1500);
  });

  test("an answer without end is read as far as Route 53 reads", async () => {
    expect(((await question("/endless")) as Answer).text).toHaveLength(5120);
  });

  test.each([
    ["that never answers", "/hangs", "no answer within 0.2 s"],
    ["that stops half way", "/half", "no answer within 0.2 s"],
    ["that hangs up", "/cut", "the connection is cut off (ECONNRESET)"],
  ])("a server %s is told as that", async (_, path, reason) => {
    expect(await question(path, 200)).toEqual({ reason });
  });

  test("nobody at the port is told as that", async () => {
    // Below the ports that are given out: one that was just closed may be another process's by now.
    const connection = { address: "127.0.0.1", port: 2, secure: false };
    expect(await ask(new URL("https://api.example.com/"), { connection })).toEqual({ reason: "the connection is refused (ECONNREFUSED)" });
  });
});

describe("with TLS", () => {
  const trusted = (host: string) => ask(new URL(`https://${host}/`), { connection: to(secure), authority: cert });

  test("a valid certificate's last days are counted, and the handshake names the host", async () => {
    names = [];
    const answer = (await trusted("localhost")) as Answer;
    expect(answer.status).toBe(200);
    expect(answer.certificateDays).toBe(Math.floor((Date.UTC(2049, 0, 1) - Date.now()) / 86_400_000));
    expect(names).toEqual(["localhost"]);
  });

  test("a certificate for another name is refused before anything is asked", async () => {
    const before = seen.length;
    expect(await trusted("api.example.com")).toEqual({ reason: "the certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)" });
    expect(seen).toHaveLength(before);
  });

  test("a certificate that nobody vouches for is refused", async () => {
    const answer = await ask(new URL("https://localhost/"), { connection: to(secure) });
    expect(answer).toEqual({ reason: "the certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT)" });
  });

  test("a server that does not speak it is told as that", async () => {
    const answer = await ask(new URL("https://localhost/"), { connection: { ...to(plain), secure: true } });
    expect(answer).toEqual({ reason: expect.stringMatching(/wrong version number|packet length|SSL/i) });
  });
});
