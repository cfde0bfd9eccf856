/** Requests of people and of attackers, each with what has to become of it. */
import type { EdgeRequest } from "../../../harness/edge/request.ts";

export interface Sample {
  readonly what: string;
  readonly request: Partial<EdgeRequest>;
  /** Rule that has to refuse it; undefined for what has to pass. */
  readonly refusedBy?: string;
  /** Told by Cloudflare's bot score, which AWS WAF's own rules do not have. */
  readonly onlyCloudflare?: true;
}

const app = "app.coinestate.io";
const browser = { "user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15" };
const pass = (what: string, request: Partial<EdgeRequest>): Sample => ({ what, request });
const refused = (refusedBy: string, what: string, request: Partial<EdgeRequest>): Sample => ({ what, request, refusedBy });

export const benign: readonly Sample[] = [
  pass("list of properties", { uri: "/v1/properties" }),
  pass("search: select a plan", { uri: "/v1/search?q=select+a+plan" }),
  pass("search: O'Brien", { uri: "/v1/search?q=O%27Brien" }),
  pass("search: union square", { uri: "/v1/search?q=union%20square" }),
  pass("search: union station, select homes", { uri: "/v1/search?q=union+station+select+homes" }),
  pass("search: drop leaf table", { uri: "/v1/search?q=drop%20leaf%20table" }),
  pass("search: table dropped", { uri: "/v1/search?q=table+dropped" }),
  pass("search: 1=1 or more", { uri: "/v1/search?q=1%3D1+or+more" }),
  pass("search: information on schemas", { uri: "/v1/search?q=information+schemas" }),
  pass("search in another script", { uri: "/v1/search?q=%E6%9D%B1%E4%BA%AC" }),
  pass("empty query", { uri: "/v1/search?" }),
  pass("query of a percent sign", { uri: "/v1/search?q=100%25" }),
  pass("escape that is none", { uri: "/v1/search?q=100%zz" }),
  pass("long query", { uri: `/v1/search?q=${"house+".repeat(300)}` }),
  pass("sign-in", { method: "POST", host: app, uri: "/api/auth/login" }),
  pass("registration", { method: "POST", host: app, uri: "/api/auth/register" }),
  pass("web socket", { host: app, uri: "/socket.io/?EIO=4&transport=websocket", headers: { upgrade: "websocket", connection: "upgrade" } }),
  pass("asset", { host: app, uri: "/assets/index-4f1c9a.js", headers: browser }),
  pass("page", { host: app, uri: "/", headers: browser }),
  pass("page about php", { host: app, uri: "/blog/php-developers", headers: browser }),
  pass("page about environments", { host: app, uri: "/docs/environment", headers: browser }),
  pass("page about git", { host: app, uri: "/docs/github", headers: browser }),
  pass("page that begins with w", { host: app, uri: "/waiting-list", headers: browser }),
  pass("acme challenge", { host: app, uri: "/.well-known/acme-challenge/token" }),
  pass("preflight", { method: "OPTIONS", uri: "/v1/properties", headers: { origin: "https://app.coinestate.io" } }),
  pass("update", { method: "PATCH", uri: "/v1/properties/7" }),
  pass("deletion", { method: "DELETE", uri: "/v1/favourites/7" }),
  pass("small upload", { method: "POST", uri: "/v1/documents", headers: { "content-length": "1048576" } }),
  pass("upload of exactly 100 MiB", { method: "POST", uri: "/v1/documents", headers: { "content-length": "104857600" } }),
  pass("large upload on the upload path", {
    method: "POST",
    host: app,
    uri: "/api/upload/deed",
    headers: { "content-length": "209715200" },
  }),
  pass("health check", { uri: "/v1/health", botScore: 1, headers: { "user-agent": "UptimeRobot/2.0" } }),
  pass("webhook from a machine", { method: "POST", uri: "/v1/webhooks/kyc", botScore: 1, headers: { "user-agent": "axios/1.7" } }),
  pass("search engine", { host: app, uri: "/", botScore: 1, verifiedBot: true, headers: { "user-agent": "Googlebot/2.1" } }),
  pass("score that is not computed", { botScore: 0 }),
  pass("candidate from the office", { headers: { "x-canary": "green" }, address: "198.51.100.9" }),
  pass("candidate from the office, IPv6", { headers: { "x-canary": "green" }, address: "2001:db8:77::9" }),
  pass("IPv6 client", { address: "2001:db8:1::7" }),
  pass("traversal that stays harmless", { host: app, uri: "/docs/../pricing", headers: browser }),
];

export const attacks: readonly Sample[] = [
  refused("sql-injection", "union select", { uri: "/v1/search?q=1%20UNION%20SELECT%20password%20FROM%20users" }),
  refused("sql-injection", "union select with plus signs", { uri: "/v1/search?q=1+union+select+1" }),
  refused("sql-injection", "union all select", { uri: "/v1/search?q=1+uNiOn+aLL+sElEcT+null" }),
  refused("sql-injection", "or 1=1", { uri: "/v1/users?name=x%27%20OR%201%3D1--" }),
  refused("sql-injection", "or 1=1, bare quote", { uri: "/v1/users?name=x'%20or%201=1" }),
  refused("sql-injection", "drop table", { uri: "/v1/users?id=1;DROP%20TABLE%20users" }),
  refused("sql-injection", "catalogue tables", { uri: "/v1/search?q=x%20from%20INFORMATION_SCHEMA.tables" }),
  refused("scans", "environment file", { uri: "/.env" }),
  refused("scans", "environment file, escaped", { uri: "/%2eenv" }),
  refused("scans", "environment file below", { uri: "/api/.env.production" }),
  refused("scans", "environment file by two slashes", { uri: "//.env" }),
  refused("scans", "git folder", { uri: "/.git/config" }),
  refused("scans", "PHP file", { uri: "/index.php" }),
  refused("scans", "PHP file in capitals", { uri: "/XMLRPC.PHP" }),
  refused("scans", "wordpress", { host: app, uri: "/wp-admin/" }),
  refused("scans", "password file", { uri: "/v1/files/../../etc/passwd" }),
  refused("scans", "password file, escaped", { uri: "/v1/files/%2e%2e/%2e%2e/etc/passwd" }),
  refused("scans", "actuator", { uri: "/actuator/heapdump" }),
  refused("scans", "backup", { host: app, uri: "/db.sql.bak" }),
  refused("scans", "server status", { uri: "/server-status" }),
  refused("methods", "TRACE", { method: "TRACE" }),
  refused("methods", "CONNECT", { method: "CONNECT" }),
  refused("methods", "a method of its own", { method: "PROPFIND" }),
  refused("methods", "method in lower case", { method: "get" }),
  refused("header-spoof", "path in a header", { headers: { "x-original-url": "/admin" } }),
  refused("header-spoof", "path in another header", { headers: { "x-rewrite-url": "/admin" } }),
  refused("candidate-header", "candidate from outside", { headers: { "x-canary": "green" } }),
  refused("candidate-header", "candidate from beside the office", { headers: { "x-canary": "blue" }, address: "198.51.101.9" }),
  refused("scanners", "sqlmap", { headers: { "user-agent": "sqlmap/1.8#stable (https://sqlmap.org)" } }),
  refused("scanners", "Nikto in capitals", { headers: { "user-agent": "Mozilla/5.00 (NIKTO/2.1.6)" } }),
  refused("scanners", "nuclei", { headers: { "user-agent": "Nuclei - Open-source project" } }),
  refused("large-body", "one byte above 100 MiB", { method: "POST", headers: { "content-length": "104857601" } }),
  refused("large-body", "a gigabyte", { method: "POST", headers: { "content-length": "1073741824" } }),
  refused("large-body", "leading zeros", { method: "POST", headers: { "content-length": "000999999999" } }),
  { ...refused("bots", "surely automated", { botScore: 1, headers: { "user-agent": "python-requests/2.32" } }), onlyCloudflare: true },
  { ...refused("bots", "likely automated", { botScore: 29 }), onlyCloudflare: true },
  {
    ...refused("bots", "automated with a browser's name", { host: app, uri: "/api/prices", botScore: 4, headers: browser }),
    onlyCloudflare: true,
  },
];
