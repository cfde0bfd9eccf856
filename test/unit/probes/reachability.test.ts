/** The function that asks from inside the network, against real servers on this machine; and what is declared around it. */
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { afterEach, describe, expect, test, vi } from "vitest";
import { accepted, contractProblems } from "../../../components/contract/accepted.ts";
import { reachability } from "../../../components/probes/contract.ts";
import { handler, metricLine, probe } from "../../../components/probes/functions/reachability.mjs";
import { Reachability, type ReachabilityArgs } from "../../../components/probes/reachability.ts";
import { reachabilityAlarms } from "../../../components/probes/reachabilityTargets.ts";
import { configOf } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { refusedArguments } from "../../harness/refusedArguments.ts";
import { testCertificate } from "../../harness/testCertificate.ts";

const certificate = testCertificate();
const surroundings = { timeoutMilliseconds: 1000, ca: certificate.cert };
const open: { close: () => void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
  vi.unstubAllEnvs();
});

async function listening(server: Server): Promise<{ host: string; port: number }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket).size);
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { host: "localhost", port: (server.address() as AddressInfo).port };
}

/** Speaks the beginning of PostgreSQL's protocol: TLS on demand, then one answer to the startup message. */
function postgres(answer: Buffer, secured = true): Promise<{ host: string; port: number }> {
  const converse = (socket: Socket) =>
    socket.once("data", (startup: Buffer) => {
      expect(startup.readInt32BE(0)).toBe(startup.length);
      expect(startup.toString("latin1", 8)).toContain("user\0reachability\0");
      socket.write(answer);
    });
  return listening(
    createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (hello: Buffer) => {
        expect([...hello]).toEqual([0, 0, 0, 8, 4, 210, 22, 47]);
        socket.write(secured ? "S" : "N");
        const inner = secured ? new TLSSocket(socket, { isServer: true, ...certificate }) : socket;
        inner.on("error", () => undefined);
        converse(inner);
      });
    }),
  );
}

const overTls = (converse: (socket: Socket) => void) =>
  listening(
    createTlsServer(certificate, (socket) => {
      socket.on("error", () => undefined);
      converse(socket);
    }),
  );

const error = (code: string) => {
  const fields = Buffer.from(`SFATAL\0C${code}\0Mno\0\0`, "latin1");
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  return Buffer.concat([Buffer.from("E"), length, fields]);
};
const askPassword = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 5]);

describe("PostgreSQL", () => {
  test.each([
    ["asks for a password", askPassword, true, undefined],
    ["asks for a password without TLS", askPassword, false, undefined],
    ["knows no such user", error("28P01"), true, undefined],
    ["is starting up", error("57P03"), true, "starts up, recovers or shuts down"],
    ["has no connection left", error("53300"), true, "has no connection left"],
    ["is something else", Buffer.from("HTTP/1.1 400"), true, "speaks another protocol"],
  ])("%s", async (_, answer, secured, reason) => {
    const found = await probe({ kind: "postgres", ...(await postgres(answer, secured)) }, surroundings);
    expect([found.reachable, found.reason]).toEqual([reason === undefined, reason]);
  });

  test("whose certificate nobody vouches for is not taken for the database", async () => {
    const found = await probe({ kind: "postgres", ...(await postgres(askPassword)) }, { timeoutMilliseconds: 1000 });
    expect(found).toMatchObject({ reachable: false, reason: expect.stringMatching(/self-signed certificate/) });
  });
});

describe("DocumentDB", () => {
  const answer = (ok: number) => {
    const value = Buffer.alloc(8);
    value.writeDoubleLE(ok);
    const body = Buffer.concat([
      Buffer.from([0, 0, 0, 0, 0]),
      Buffer.from([0, 0, 0, 0]),
      Buffer.from("\x01ok\0", "latin1"),
      value,
      Buffer.from([0]),
    ]);
    const head = Buffer.alloc(16);
    head.writeInt32LE(body.length + 16, 0);
    head.writeInt32LE(2013, 12);
    return Buffer.concat([head, body]);
  };

  test.each([
    ["says hello, in two parts", answer(1), undefined],
    ["says that it is not well", answer(0), "does not answer as DocumentDB does"],
  ])("%s", async (_, said, reason) => {
    const place = await overTls((socket) =>
      socket.once("data", (hello: Buffer) => {
        expect([hello.readInt32LE(0), hello.readInt32LE(12)]).toEqual([hello.length, 2013]);
        expect(hello.toString("latin1")).toContain("hello\0");
        socket.write(said.subarray(0, 10));
        setTimeout(() => socket.write(said.subarray(10)), 20);
      }),
    );
    const found = await probe({ kind: "documentdb", ...place }, surroundings);
    expect([found.reachable, found.reason]).toEqual([reason === undefined, reason]);
  });
});

describe("a cache", () => {
  test.each([
    ["that asks for a password", "-NOAUTH Authentication required.\r\n", undefined],
    ["that is open", "+PONG\r\n", undefined],
    [
      "that still loads its data",
      "-LOADING Redis is loading the dataset in memory\r\n",
      "the cache says -LOADING Redis is loading the dataset in memory",
    ],
  ])("%s", async (_, said, reason) => {
    const place = await overTls((socket) => socket.once("data", () => socket.write(said)));
    const found = await probe({ kind: "cache", ...place }, surroundings);
    expect([found.reachable, found.reason]).toEqual([reason === undefined, reason]);
  });
});

describe("a blockchain node", () => {
  const rpc = async (status: number, body: string) => {
    const asked: { method?: string | undefined; body: string }[] = [];
    const place = await listening(
      createHttpServer((request, response) => {
        let text = "";
        request.on("data", (part) => {
          text += part;
        });
        request.on("end", () => {
          asked.push({ method: request.method, body: text });
          response.writeHead(status, { "content-type": "application/json" }).end(body);
        });
      }),
    );
    const url = `http://127.0.0.1:${place.port}/v2/secret-key`;
    const found = await probe(
      { kind: "jsonRpc", parameter: "/clearhold/prod/blockchain/rpc-url", method: "eth_blockNumber" },
      { ...surroundings, readParameter: async (name) => (name === "/clearhold/prod/blockchain/rpc-url" ? url : "") },
    );
    return { found, asked };
  };

  test("is asked in JSON-RPC 2.0 for its newest block", async () => {
    const { found, asked } = await rpc(200, '{"jsonrpc":"2.0","id":1,"result":"0x12d4f3a"}');
    expect(found.reachable).toBe(true);
    expect(asked.map(({ method, body }) => [method, JSON.parse(body)])).toEqual([
      ["POST", { jsonrpc: "2.0", method: "eth_blockNumber", params: [], id: 1 }],
    ]);
  });

  test.each([
    ["refuses the key", 401, "{}", "status 401"],
    ["answers with an error", 200, '{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"limit"}}', "error -32005"],
    ["answers with a page", 200, "<html>", "no block number in the answer"],
    ["answers with no number", 200, '{"result":"latest"}', "no block number in the answer"],
  ])("%s", async (_, status, body, reason) => {
    const { found } = await rpc(status, body);
    expect(found).toMatchObject({ reachable: false, reason });
  });

  test.each([
    ["is gone", async () => "http://127.0.0.1:1/v2/secret-key", "no answer"],
    ["has an address that is none", async () => "secret-key", "no answer"],
    ["is behind a parameter store that does not answer", () => new Promise<string>(() => undefined), "no answer in time"],
  ])("%s: no part of the address is told", async (_, readParameter, reason) => {
    const found = await probe({ kind: "jsonRpc", parameter: "/x", method: "eth_blockNumber" }, { timeoutMilliseconds: 300, readParameter });
    expect(found).toMatchObject({ reachable: false, reason });
  });
});

describe("any server", () => {
  test("that accepts and says nothing is not reachable, in time", async () => {
    const place = await listening(createServer((socket) => socket.on("error", () => undefined)));
    const found = await probe({ kind: "cache", ...place }, { timeoutMilliseconds: 200 });
    expect(found).toMatchObject({ reachable: false, reason: "no answer in time" });
    expect(found.milliseconds).toBeLessThan(1000);
  });

  test("that nobody listens on is not reachable, and one that takes a connection is", async () => {
    expect((await probe({ kind: "tcp", host: "127.0.0.1", port: 1 }, surroundings)).reachable).toBe(false);
    const place = await listening(createServer(() => undefined));
    expect((await probe({ kind: "tcp", ...place }, surroundings)).reachable).toBe(true);
  });
});

test("a round writes one line a target, in CloudWatch's metric format and with nothing before it", async () => {
  const place = await listening(createServer(() => undefined));
  vi.stubEnv("STACK", "clearhold-prod");
  vi.stubEnv("TARGETS", JSON.stringify({ good: { kind: "tcp", ...place }, bad: { kind: "tcp", host: "127.0.0.1", port: 1 } }));
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await handler();
  const written = write.mock.calls.map(([text]) => String(text)).join("");
  write.mockRestore();
  const [good, bad] = written
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(good).toMatchObject({ Stack: "clearhold-prod", Target: "good", Reachable: 1, AnswerTime: expect.any(Number) });
  expect(bad).toMatchObject({ Target: "bad", Reachable: 0, reason: expect.stringMatching(/ECONNREFUSED/) });
  expect(bad).not.toHaveProperty("AnswerTime");
});

test("only metrics that the line has are named in it", () => {
  const names = (reachable: boolean) => {
    const line = JSON.parse(metricLine("s", "t", { reachable, milliseconds: 3 }, 1)) as {
      _aws: { CloudWatchMetrics: { Metrics: { Name: string }[]; Dimensions: string[][] }[] };
    };
    return line._aws.CloudWatchMetrics.flatMap(({ Metrics, Dimensions }) => [Metrics.map(({ Name }) => Name), ...Dimensions]);
  };
  expect(names(true)).toEqual([
    ["Reachable", "AnswerTime"],
    ["Stack", "Target"],
  ]);
  expect(names(false)).toEqual([["Reachable"], ["Stack", "Target"]]);
});

describe("what is declared", () => {
  const args: ReachabilityArgs = {
    ...{ region: "us-east-1", accountId: "123456789012", stack: "clearhold-prod", vpcId: "vpc-1", subnetIds: ["subnet-a"] },
    ...{ keyArn: "arn:aws:kms:us-east-1:123456789012:key/1", logRetentionDays: 90 },
    targets: { database: { kind: "postgres", host: "db", port: 5432, securityGroupId: "sg-1", severity: "P0" } },
  };

  test.each([
    ["everyMinutes", { everyMinutes: 6 }],
    ["targets", { targets: {} }],
    ["subnetIds", { subnetIds: [] }],
    ["targets.database.port", { targets: { database: { ...args.targets.database!, port: 0 } } }],
  ])("%s", (path, change) => {
    expect(contractProblems(reachability, args)).toEqual([]);
    expect(refusedArguments(() => new Reachability("inside", { ...args, ...change } as ReachabilityArgs))).toEqual([path]);
  });

  test("silence of the function is as bad as a bad answer, silence of the queue is good", () => {
    const alarms = reachabilityAlarms({ ...args, ...accepted("inside", reachability, args) }, "dead");
    expect(alarms.map(({ key, severity, kind, missingData }) => [key, severity, kind, missingData])).toEqual([
      ["reachability-database", "P0", "symptom", "breaching"],
      ["reachability-lost-rounds", "P2", "cause", "notBreaching"],
    ]);
  });

  test("the function reaches the named servers and nothing else, and may read the named parameter alone", async () => {
    const graph = await declaredGraph(configOf("coinestate/production"));
    const own = graph.filter(({ name }) => name.startsWith("coinestate-prod-use1-reachability"));
    const of = (type: string) => own.filter((resource) => resource.type === type);
    const out = of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").map(({ inputs }) => [
      inputs.fromPort,
      inputs.cidrIpv4 ?? "group",
    ]);
    expect(out.sort()).toEqual([
      [443, "0.0.0.0/0"],
      [5432, "group"],
    ]);
    const [policy] = of("aws:iam/rolePolicy:RolePolicy");
    const statements = (JSON.parse(String(policy!.inputs.policy)) as { Statement: { Sid: string; Action: string[]; Resource: unknown }[] })
      .Statement;
    expect(statements.map(({ Sid }) => Sid)).toEqual([
      "WriteLog",
      "LostRounds",
      "NetworkInterfaces",
      "ReadParameters",
      "DecryptParameters",
    ]);
    expect(statements.find(({ Sid }) => Sid === "ReadParameters")).toMatchObject({
      Action: ["ssm:GetParameter"],
      Resource: [expect.stringMatching(/parameter\/coinestate\/prod\/blockchain\/rpc-url$/)],
    });
    for (const { Sid, Resource } of statements) if (Sid !== "NetworkInterfaces") expect(JSON.stringify(Resource)).not.toContain('"*"');
    const [made] = of("aws:lambda/function:Function");
    const { variables } = made!.inputs.environment as { variables: { TARGETS: string } };
    expect(JSON.parse(variables.TARGETS)).toMatchObject({
      database: { kind: "postgres", port: 5432 },
      blockchain: { kind: "jsonRpc", parameter: "/coinestate/prod/blockchain/rpc-url", method: "eth_blockNumber" },
    });
  });
});
