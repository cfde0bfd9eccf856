/** Queries of CloudWatch Logs Insights that a person wants at once, instead of writing them at night. */

const lines = (...parts: string[]) => parts.join("\n| ");

/** Queries over a service's log, by what they answer. */
export const serviceQueries: Readonly<Record<string, string>> = {
  "newest lines": lines("fields @timestamp, @logStream, @message", "sort @timestamp desc", "limit 100"),
  "newest errors": lines(
    "fields @timestamp, @logStream, @message",
    "filter @message like /(?i)(error|exception|fatal|unhandled)/",
    "sort @timestamp desc",
    "limit 100",
  ),
  "errors by minute": lines(
    "filter @message like /(?i)(error|exception|fatal|unhandled)/",
    "stats count(*) as errors by bin(1m)",
    "sort @timestamp desc",
  ),
  "errors by task": lines(
    "filter @message like /(?i)(error|exception|fatal|unhandled)/",
    "stats count(*) as errors by @logStream",
    "sort errors desc",
    "limit 20",
  ),
  "connections refused or timed out": lines(
    "fields @timestamp, @logStream, @message",
    "filter @message like /ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|502 Bad Gateway|504 Gateway Timeout/",
    "sort @timestamp desc",
    "limit 100",
  ),
};

/** Queries over the log of a PostgreSQL instance. */
export const postgresQueries: Readonly<Record<string, string>> = {
  "slowest statements": lines(
    "fields @timestamp, @message",
    "parse @message /duration: (?<milliseconds>[0-9.]+) ms/",
    "filter ispresent(milliseconds)",
    "sort milliseconds desc",
    "limit 50",
  ),
  "refused logins": lines(
    "fields @timestamp, @message",
    "filter @message like /FATAL|password authentication failed|no pg_hba.conf entry|remaining connection slots/",
    "sort @timestamp desc",
    "limit 50",
  ),
};

/** Queries over the profiler's log of a DocumentDB cluster. */
export const documentDbQueries: Readonly<Record<string, string>> = {
  "slowest operations": lines("fields ts, millis, ns, op, command.filter", "sort millis desc", "limit 50"),
  "slow operations by collection": lines("stats count(*) as operations, max(millis) as slowest by ns, op", "sort slowest desc", "limit 50"),
};
