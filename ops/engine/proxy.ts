/** Engine, program and providers speak to each other on this machine, which no proxy of the environment leads to. */

const here = ["localhost", "127.0.0.1", "::1"];

/**
 * Variables that except this machine from proxies, over what is excepted already. Go reads capital letters first, Node.js' gRPC small
 * ones only, and it takes a space for a part of a name; its own `no_grpc_proxy` goes before where it is set.
 */
export function withoutProxy(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const all = excepted(given.NO_PROXY, given.no_proxy);
  const grpc = given.no_grpc_proxy;
  return { NO_PROXY: all, no_proxy: all, ...(grpc ? { no_grpc_proxy: excepted(grpc) } : {}) };
}

function excepted(...lists: readonly (string | undefined)[]): string {
  const names = lists.flatMap((list = "") => list.split(/[\s,]+/)).filter((name) => name !== "" && !here.includes(name));
  return [...new Set(names), ...here].join(",");
}
