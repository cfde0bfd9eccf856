/** The JavaScript that runs at the edge, evaluated as it is sent there. */
import { describe, expect, test } from "vitest";
import { longestFunction, requestFunction, responseFunction } from "../../../components/staticSite/viewerFunctions.ts";

interface Handled {
  readonly uri: string;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
}

/** Runs a function's text on an event. */
function handle(code: string, event: unknown): Handled {
  return (new Function(`${code}\nreturn handler;`)() as (event: unknown) => Handled)(event);
}

const rewritten = (code: string, uri: string) => handle(code, { request: { uri, method: "GET", headers: {} } }).uri;

describe("one-page applications", () => {
  const code = requestFunction("app", ["/api/*", "/socket.io/*", "/v1/*"]);

  test.each(["/", "/portfolio", "/portfolio/42", "/deep/er/path/", "/apix", "/api-docs", "/v10"])("%s gets the start page", (uri) =>
    expect(rewritten(code, uri)).toBe("/index.html"),
  );

  test.each(["/index.html", "/assets/app-1a2b.js", "/favicon.ico", "/fonts/inter.woff2", "/.well-known/apple-app-site-association"])(
    "%s is a file and stays",
    (uri) => expect(rewritten(code, uri)).toBe(uri),
  );

  test.each(["/api", "/api/", "/api/users", "/api/users/42", "/socket.io", "/socket.io/", "/socket.io/abc", "/v1/properties"])(
    "%s is never answered with a page",
    (uri) => expect(rewritten(code, uri)).toBe(uri),
  );

  test("the API and the sockets are left alone whatever the backend is (CDN-03)", () => {
    const alone = requestFunction("app", []);
    expect(rewritten(alone, "/api/users")).toBe("/api/users");
    expect(rewritten(alone, "/socket.io/abc")).toBe("/socket.io/abc");
  });
});

describe("exported pages", () => {
  const code = requestFunction("pages", []);
  test.each([
    ["/", "/index.html"],
    ["/about", "/about/index.html"],
    ["/about/", "/about/index.html"],
    ["/blog/2026/first", "/blog/2026/first/index.html"],
    ["/robots.txt", "/robots.txt"],
    ["/api/health", "/api/health"],
  ])("%s is %s", (uri, file) => expect(rewritten(code, uri)).toBe(file));
});

describe("how long browsers keep a file", () => {
  const kept = (uri: string, statusCode = 200) =>
    handle(responseFunction(), { request: { uri }, response: { statusCode, headers: { etag: { value: "x" } } } }).headers["cache-control"]
      ?.value;

  test.each([
    "/assets/a.js",
    "/A.CSS",
    "/logo.PNG",
    "/p.jpg",
    "/p.jpeg",
    "/p.gif",
    "/favicon.ico",
    "/i.svg",
    "/f.woff",
    "/f.woff2",
    "/f.ttf",
    "/f.eot",
  ])("%s for a year (CDN-04)", (uri) => expect(kept(uri)).toBe("public, max-age=31536000, immutable"));

  test.each(["/index.html", "/about/index.html", "/sw.js", "/service-worker.js", "/manifest.json", "/js", "/data.js.html"])(
    "%s is checked at every use",
    (uri) => expect(kept(uri)).toBe("no-cache"),
  );

  test("an error is not kept: the file may be there in a minute", () => {
    expect(kept("/assets/new.js", 404)).toBeUndefined();
    expect(kept("/assets/new.js", 304)).toContain("immutable");
  });

  test("other headers stay", () => {
    const { headers } = handle(responseFunction(), {
      request: { uri: "/" },
      response: { statusCode: 200, headers: { etag: { value: "x" } } },
    });
    expect(headers.etag).toEqual({ value: "x" });
  });
});

test("the texts fit, and use nothing that CloudFront's runtime lacks", () => {
  for (const code of [requestFunction("app", ["/api/*"]), requestFunction("pages", ["/api/*"]), responseFunction()]) {
    expect(code.length).toBeLessThan(longestFunction / 5);
    expect(code).not.toMatch(/\b(?:require|import|process|fetch|setTimeout|eval)\b/);
  }
});
