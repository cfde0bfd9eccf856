/** Answers against what is expected of an endpoint, over one round and over several, and the ways to hosts. */
import { describe, expect, test } from "vitest";
import type { Answer, NoAnswer } from "../../../ops/verify/ask.ts";
import { parseConnection, parseConnections } from "../../../ops/verify/connection.ts";
import { addressOf, type Endpoint, EndpointRecord, expectation, judgeAnswer } from "../../../ops/verify/endpoint.ts";
import { watchEndpoints } from "../../../ops/verify/watch.ts";
import { configOf } from "../../harness/config.ts";

const { api } = configOf("staging", { "uptime.endpoints": { api: { host: "api.example.com", path: "/health" } } }).uptime.endpoints;
const endpoint = (change: Partial<Endpoint> = {}): Endpoint => ({ ...api!, ...change });
const good: Answer = { status: 200, text: '{"status":"ok"}', milliseconds: 40, certificateDays: 80 };
const silent: NoAnswer = { reason: "the connection is refused (ECONNREFUSED)" };
const search = '"status":"ok"';

describe("an answer", () => {
  test.each<[string, Answer | NoAnswer, Partial<Endpoint>, string, string]>([
    ["good", good, {}, "good", "200 in 40 ms, certificate 80 days"],
    ["a redirect", { ...good, status: 302 }, {}, "good", "302 in 40 ms"],
    ["not found", { ...good, status: 404 }, {}, "failed", "404 in 40 ms"],
    ["an error", { ...good, status: 503 }, { search }, "failed", "503 in 40 ms"],
    ["none", silent, {}, "failed", "the connection is refused"],
    ["with its text", good, { search }, "good", "200 in 40 ms"],
    ["with another text", { ...good, text: '{"status":"unhealthy"}' }, { search }, "failed", 'without the text: {"status":"unhealthy"}'],
    ["with no text", { ...good, text: "" }, { search }, "failed", "without the text: empty"],
    ["at its bound", good, { slowMilliseconds: 40 }, "good", "in 40 ms"],
    ["slower than its bound", good, { slowMilliseconds: 39 }, "degraded", "in 40 ms"],
    ["wrong and slow", { ...good, status: 500 }, { slowMilliseconds: 39 }, "failed", "500 in 40 ms"],
    ["a certificate of 14 days", { ...good, certificateDays: 14 }, {}, "good", "certificate 14 days"],
    ["a certificate of 13 days", { ...good, certificateDays: 13 }, {}, "degraded", "certificate 13 days"],
    ["without TLS", { status: 200, text: "", milliseconds: 1 }, {}, "good", "200 in 1 ms, without TLS"],
    ["where none may be", good, { invert: true }, "failed", "200 in 40 ms"],
    ["none where none may be", silent, { invert: true }, "good", "refused"],
    ["an error where none may be", { ...good, status: 403 }, { invert: true }, "good", "403 in 40 ms"],
  ])("%s", (_, answer, change, verdict, found) => {
    const finding = judgeAnswer(answer, endpoint(change));
    expect(finding.verdict).toBe(verdict);
    expect(finding.found).toContain(found);
  });

  test("is expected in words, and asked at the endpoint's own address", () => {
    expect(expectation(endpoint())).toBe("200 to 399");
    expect(expectation(endpoint({ search, slowMilliseconds: 100 }))).toBe('200 to 399, with "status":"ok", within 100 ms');
    expect(expectation(endpoint({ invert: true }))).toBe("no answer of 200 to 399");
    expect(addressOf(endpoint({ port: 8443 })).href).toBe("https://api.example.com:8443/health");
  });
});

describe("several rounds", () => {
  test("tell the share, the slowest answer and the first failure", () => {
    const record = new EndpointRecord("api", endpoint({ slowMilliseconds: 100 }));
    record.add(good);
    record.add({ ...good, milliseconds: 180 });
    record.add({ ...good, status: 502, milliseconds: 7 }, new Date("2027-01-01T10:20:30Z"));
    record.add(silent);
    const { found, verdict, advice } = record.check;
    expect(found).toBe("2 of 4 good (50.0 %), slowest 180 ms\n10:20:30 UTC: 502 in 7 ms, certificate 80 days");
    expect([verdict, advice]).toEqual(["failed", "docs/runbooks/endpoint-unreachable.md"]);
  });

  test("that are only slow are degraded, and good ones good", () => {
    const record = new EndpointRecord("api", endpoint({ slowMilliseconds: 100 }));
    record.add(good);
    expect(record.check.verdict).toBe("good");
    record.add({ ...good, milliseconds: 101 });
    record.add(good);
    expect(record.check).toMatchObject({ verdict: "degraded", found: expect.stringContaining("3 of 3 good (100.0 %), slowest 101 ms") });
  });

  test("none at all is no proof", () => expect(new EndpointRecord("api", endpoint()).check.verdict).toBe("not asked"));
});

describe("a watch", () => {
  const records = (count: number) => Array.from({ length: count }, (_, index) => new EndpointRecord(`e${index}`, endpoint()));

  test("asks every endpoint once when nobody wants more", async () => {
    const asked: string[] = [];
    await watchEndpoints(records(20), {
      ...{ forMilliseconds: 0, everyMilliseconds: 1000 },
      question: async ({ name }) => {
        asked.push(name);
        return good;
      },
    });
    expect(new Set(asked).size).toBe(20);
    expect(asked).toHaveLength(20);
  });

  test("asks in rounds up to and with its last moment, tells of bad answers, and eight at a time at most", async () => {
    const own = records(20);
    const told: string[] = [];
    let [running, most, questions] = [0, 0, 0];
    await watchEndpoints(own, {
      ...{ forMilliseconds: 400, everyMilliseconds: 200 },
      question: async ({ name }) => {
        questions += 1;
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        return name === "e3" ? silent : good;
      },
      onBad: ({ name }, { found }) => told.push(`${name}: ${found}`),
    });
    expect(questions).toBe(60);
    expect(most).toBe(8);
    expect(told).toEqual(Array(3).fill(`e3: ${silent.reason}`));
  });

  test("does not make up for a round that took too long", async () => {
    let questions = 0;
    const start = performance.now();
    await watchEndpoints(records(1), {
      ...{ forMilliseconds: 1200, everyMilliseconds: 400 },
      question: async () => {
        questions += 1;
        await new Promise((resolve) => setTimeout(resolve, 520));
        return good;
      },
    });
    expect(questions).toBe(2);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});

describe("--connect", () => {
  test.each([
    ["api.example.com=192.0.2.10:8443", ["api.example.com", { address: "192.0.2.10", port: 8443, secure: true }]],
    ["API.example.com=origin.example.com", ["api.example.com", { address: "origin.example.com", port: 443, secure: true }]],
    ["api.example.com=http://127.0.0.1:8080", ["api.example.com", { address: "127.0.0.1", port: 8080, secure: false }]],
    ["api.example.com=http://127.0.0.1", ["api.example.com", { address: "127.0.0.1", port: 80, secure: false }]],
    ["api.example.com=[::1]:9000", ["api.example.com", { address: "::1", port: 9000, secure: true }]],
  ])("%s", (text, connection) => expect(parseConnection(text)).toEqual(connection));

  test.each(["api.example.com", "=127.0.0.1:80", "api.example.com=", "api.example.com=127.0.0.1:99999", "api.example.com=http://x/path"])(
    "%s is refused with the form it should have",
    (text) => expect(() => parseConnection(text)).toThrow("give <host>=<address:port>"),
  );

  test("a host that nobody asks is refused, naming those that are", () => {
    expect(() => parseConnections(["a.example.com=127.0.0.1:1"], ["b.example.com"])).toThrow(
      "--connect names a.example.com, which is not asked. Asked are: b.example.com.",
    );
  });
});
