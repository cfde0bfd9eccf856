/**
 * JavaScript that runs at CloudFront's edge. It is text and not a function of this program, as CloudFront's runtime is not
 * Node.js; the tests evaluate the same text against requests.
 */

/** Paths that never fall back, whatever the backend is: an API call answered with HTML and 200 hides every failure. */
const neverRewritten: readonly string[] = ["/.well-known", "/api", "/socket.io"];

/** File endings that are kept for a year. A new build gives them new names. */
const assetPattern = "\\.(js|mjs|css|png|jpg|jpeg|gif|ico|svg|webp|avif|woff|woff2|ttf|eot)$";

/** Scripts that keep their name over builds: a service worker kept for a year would hold its users at an old build. */
const mutableFiles: readonly string[] = ["/sw.js", "/service-worker.js"];

/** Seconds that assets are kept, one year. */
export const assetSeconds = 31_536_000;

/** Longest text of a CloudFront function, bytes. */
export const longestFunction = 10_240;

/** Folder part of a path pattern: `/api/*` is `/api`. */
function prefixOf(pathPattern: string): string {
  return pathPattern.replace(/\/?\*.*$/, "");
}

/**
 * Function for viewer requests: gives a path without a file ending the page that answers it.
 * @param backendPaths path patterns that another origin answers
 */
export function requestFunction(fallback: "app" | "pages", backendPaths: readonly string[]): string {
  const kept = [...new Set([...neverRewritten, ...backendPaths.map(prefixOf)])].filter((prefix) => prefix !== "").sort();
  const rewrite = fallback === "app" ? `"/index.html"` : `uri.replace(/\\/$/, "") + "/index.html"`;
  return `var kept = ${JSON.stringify(kept)};
function handler(event) {
  var request = event.request;
  var uri = request.uri;
  for (var i = 0; i < kept.length; i++) {
    if (uri === kept[i] || uri.indexOf(kept[i] + "/") === 0) return request;
  }
  if (uri.slice(uri.lastIndexOf("/") + 1).indexOf(".") === -1) request.uri = ${rewrite};
  return request;
}
`;
}

/** Function for viewer responses: assets for a year, everything else checked at every use. */
export function responseFunction(): string {
  return `var asset = /${assetPattern}/i;
var mutable = ${JSON.stringify(mutableFiles)};
function handler(event) {
  var response = event.response;
  var uri = event.request.uri;
  if (response.statusCode >= 400) return response;
  var lasting = asset.test(uri) && mutable.indexOf(uri) === -1;
  response.headers["cache-control"] = { value: lasting ? "public, max-age=${assetSeconds}, immutable" : "no-cache" };
  return response;
}
`;
}
