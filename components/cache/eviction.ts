/** Eviction policies, apart from the component so that config can be read without loading any provider. */

/** What a cache does when its memory is full. */
export const evictionPolicies = [
  "allkeys-lfu",
  "allkeys-lru",
  "allkeys-random",
  "noeviction",
  "volatile-lfu",
  "volatile-lru",
  "volatile-random",
  "volatile-ttl",
] as const;

export type EvictionPolicy = (typeof evictionPolicies)[number];
