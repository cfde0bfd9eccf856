/** What CloudWatch Logs takes of metric filters. */

/** Filters that a log group takes. */
export const filterLimit = 100;

/** Longest pattern of a filter, characters. */
export const longestPattern = 1024;
