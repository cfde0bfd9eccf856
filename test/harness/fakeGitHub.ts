/** As much of GitHub's REST interface as the pipeline uses, on loopback: comments, issues, runs, pages of a hundred. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface StoredComment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

export interface StoredIssue {
  readonly number: number;
  readonly title: string;
  body: string;
  state: "open" | "closed";
  readonly labels: readonly string[];
  readonly user: { readonly login: string };
}

/** Who the pipeline's token writes as. */
export const pipelineAuthor = "github-actions[bot]";

/** One repository, `o/r`. Refuses every other, and every call without the token. */
export class FakeGitHub {
  readonly comments: StoredComment[] = [];
  readonly issues: StoredIssue[] = [];
  /** Calls that changed something: `PATCH /issues/comments/3`. */
  readonly writes: string[] = [];
  /** Commit that `main` is at. */
  head = "4f1c0de5a7b3e9d28c61f0b4a5d3e7c9b8a1f206";
  /** Pull requests that brought it there. */
  pulls: readonly { readonly number: number; readonly merged_at: string | null }[] = [{ number: 12, merged_at: "2026-11-30T22:00:00Z" }];
  /** Runs of deploy.yml that are under way. */
  running = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        ([status, body]) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  /** Starts listening. @returns environment of a pipeline's job */
  async start(): Promise<Record<string, string>> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    return {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "o/r",
      GITHUB_TOKEN: "t0ken",
      GITHUB_RUN_ID: "9001",
      GITHUB_RUN_NUMBER: "7",
      GITHUB_REF_NAME: "main",
      GITHUB_SHA: this.head,
    };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** A comment that is there already. */
  seed(login: string, body: string): void {
    this.comments.push({ id: this.comments.length + 1, body, user: { login } });
  }

  async #answer(request: IncomingMessage): Promise<[number, unknown]> {
    if (request.headers.authorization !== "Bearer t0ken") return [401, { message: "Bad credentials" }];
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const path = pathname.replace("/repos/o/r", "");
    const method = request.method ?? "";
    if (method !== "GET") this.writes.push(`${method} ${path}`);
    const sent = (method === "GET" ? {} : JSON.parse(await text(request))) as Partial<StoredIssue>;
    const page = <T>(all: readonly T[]): [number, T[]] => {
      const [size, number] = [Number(searchParams.get("per_page") ?? 30), Number(searchParams.get("page") ?? 1)];
      return [200, all.slice((number - 1) * size, number * size)];
    };
    const id = Number(path.split("/").at(-1));
    if (method === "GET" && /^\/issues\/\d+\/comments$/.test(path)) return page(this.comments);
    if (method === "POST" && /^\/issues\/\d+\/comments$/.test(path)) return [201, this.#add(sent.body ?? "")];
    if (method === "PATCH" && path.startsWith("/issues/comments/"))
      return edited(
        this.comments.find((one) => one.id === id),
        sent,
      );
    if (method === "GET" && path === "/issues")
      return page(this.issues.filter(({ state, labels }) => state === "open" && labels.includes(searchParams.get("labels") ?? "")));
    if (method === "POST" && path === "/issues") {
      const { title = "", body = "", labels = [] } = sent;
      const issue: StoredIssue = { number: this.issues.length + 1, title, body, state: "open", labels, user: { login: pipelineAuthor } };
      this.issues.push(issue);
      return [201, issue];
    }
    if (method === "PATCH" && /^\/issues\/\d+$/.test(path))
      return edited(
        this.issues.find((one) => one.number === id),
        sent,
      );
    if (method === "GET" && /^\/commits\/[0-9a-f]+\/pulls$/.test(path)) return [200, path.includes(this.head) ? this.pulls : []];
    const [, compared] = /^\/compare\/(.*)\.\.\.main$/.exec(path) ?? [];
    if (method === "GET" && compared !== undefined) return [200, { ahead_by: compared === this.head ? 0 : 1 }];
    if (method === "GET" && path === "/branches/main") return [200, { commit: { sha: this.head } }];
    if (method === "GET" && path === "/actions/workflows/deploy.yml/runs")
      return [200, { total_count: searchParams.get("status") === "in_progress" ? this.running : 0 }];
    return [404, { message: `no ${method} ${path}` }];
  }

  #add(body: string): StoredComment {
    const comment = { id: this.comments.length + 1, body, user: { login: pipelineAuthor } };
    this.comments.push(comment);
    return comment;
  }
}

function edited<T extends object>(found: T | undefined, change: object): [number, unknown] {
  return found === undefined ? [404, { message: "Not Found" }] : [200, Object.assign(found, change)];
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
