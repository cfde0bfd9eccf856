/** The first words of each protocol: just enough for a server to say that it takes connections. */

/** PostgreSQL: do you speak TLS? Answered by one letter. */
export const postgresHello = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** PostgreSQL: protocol 3.0, a user that need not exist. The answer asks for a password, or says what is wrong, as it does to `pg_isready`. */
export const postgresStartup = (() => {
  const body = Buffer.concat([Buffer.from([0, 3, 0, 0]), Buffer.from("user\0reachability\0database\0postgres\0\0", "latin1")]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
})();

/**
 * What a PostgreSQL server means by its answer: an error too is an answer, unless it says that it takes nobody yet.
 *
 * @param {Buffer} answer
 * @returns {string | undefined} `accepting`, or why not; undefined while the answer is not complete
 */
export function postgresAnswer(answer) {
  if (answer.length < 5) return undefined;
  const type = String.fromCharCode(answer[0] ?? 0);
  if (type === "R") return "accepting";
  if (type !== "E") return "speaks another protocol";
  if (answer.length < answer.readInt32BE(1) + 1) return undefined;
  const code = answer
    .toString("latin1", 5)
    .split("\0")
    .find((field) => field.startsWith("C"))
    ?.slice(1);
  // 57P03: starting up, recovering or shutting down. 53300: no connection is left.
  if (code === "57P03") return "starts up, recovers or shuts down";
  return code === "53300" ? "has no connection left" : "accepting";
}

/** MongoDB's protocol: `{ hello: 1, $db: "admin" }`, answered before any login. */
export const documentDbHello = (() => {
  const number = (/** @type {number} */ value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return bytes;
  };
  const fields = Buffer.concat([
    Buffer.from("\x10hello\0", "latin1"),
    number(1),
    Buffer.from("\x02$db\0", "latin1"),
    number(6),
    Buffer.from("admin\0\0", "latin1"),
  ]);
  const document = Buffer.concat([number(fields.length + 4), fields]);
  const message = Buffer.concat([number(1), number(0), number(2013), number(0), Buffer.from([0]), document]);
  return Buffer.concat([number(message.length + 4), message]);
})();

/**
 * Whether the whole answer is there.
 *
 * @param {Buffer} answer
 * @throws Error when the server does not say that it is well
 */
export function documentDbAnswered(answer) {
  if (answer.length < 16 || answer.length < answer.readInt32LE(0)) return false;
  const ok = answer.indexOf(Buffer.from("\x01ok\0", "latin1"));
  if (answer.readInt32LE(12) !== 2013 || ok < 0 || answer.readDoubleLE(ok + 4) !== 1) throw new Error("does not answer as DocumentDB does");
  return true;
}
