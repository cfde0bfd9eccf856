/** As much of GitHub's REST interface as the pipeline uses, on loopback: comments, issues, runs, pages of a hundred, and its refusals. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeTree } from "./fakeTree.ts";

/** Somebody's account; null is one that is gone ("Ghost" of GitHub's documentation). */
export type StoredUser = { readonly login: string; readonly type: "User" | "Bot" } | null;

export interface StoredComment {
  readonly id: number;
  /** Issue or pull request that it stands at; at each where there is but one. */
  readonly on: number | undefined;
  body: string;
  readonly user: StoredUser;
  readonly created_at: string;
  updated_at: string;
  /** The app by which it was written, also in a person's name. */
  readonly performed_via_github_app: { readonly slug: string } | null;
}

export interface StoredIssue {
  readonly number: number;
  readonly title: string;
  body: string;
  state: "open" | "closed";
  readonly labels: readonly string[];
  readonly user: { readonly login: string };
}

/** An answer that GitHub gives in place of its own. */
export interface Refusal {
  readonly path: RegExp;
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who the pipeline's token writes as. */
export const pipelineAuthor = "github-actions[bot]";

const then = "2026-11-30T22:00:00Z";
const later = "2026-11-30T23:00:00Z";

/** One repository, `o/r`. Refuses every other, and every call without the token. */
export class FakeGitHub {
  readonly comments: StoredComment[] = [];
  readonly issues: StoredIssue[] = [];
  /** Calls that changed something: `PATCH /issues/comments/3`. */
  readonly writes: string[] = [];
  /** Commit that `main` is at. */
  head = "4f1c0de5a7b3e9d28c61f0b4a5d3e7c9b8a1f206";
  /** Pull requests that brought it there. */
  pulls: readonly { readonly number: number; readonly merged_at: string | null; readonly user?: StoredUser }[] = [
    { number: 12, merged_at: then, user: { login: "ada", type: "User" } },
  ];
  /** Commits that came to `main` by the same push before its head, and the pull request of each. */
  pushed: Readonly<Record<string, { readonly number: number; readonly user: StoredUser }>> = {};
  /** Files that the pull request changes. */
  files: readonly { readonly filename: string; readonly previous_filename?: string }[] = [];
  /** Who wrote its commits, one each; a merge of the target branch has two parents. */
  commits: readonly { readonly login: string; readonly parents: number }[] = [{ login: "ada", parents: 1 }];
  /** Rights of people in the repository; GitHub knows nobody else. */
  permissions: Readonly<Record<string, "admin" | "write" | "read" | "none">> = { ada: "write", grace: "write" };
  /** Who let this run go on in which environment. */
  approvals: readonly { readonly environment: string; readonly login: string; readonly state: "approved" | "rejected" }[] = [
    { environment: "production", login: "grace", state: "approved" },
  ];
  /** What it refuses from now on. */
  refusals: readonly Refusal[] = [];
  /** Runs of deploy.yml that are under way. */
  running = 0;
  /** Its files, and what is proposed to be changed in them. */
  readonly tree = new FakeTree();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "", "http://localhost");
      const refused = this.refusals.find(({ path }) => path.test(pathname));
      const answer =
        refused === undefined ? this.#answer(request) : Promise.resolve([refused.status, { message: refused.message }] as const);
      answer.then(
        ([status, body]) =>
          response.writeHead(status, { "content-type": "application/json", ...refused?.headers }).end(JSON.stringify(body)),
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
      SLIPWAY_ENVIRONMENT: "production",
    };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** A comment that is there already. @param more what is not as of a person who has never edited it */
  seed(login: string | null, body: string, more: { readonly edited?: boolean; readonly app?: string; readonly on?: number } = {}): void {
    const user: StoredUser = login === null ? null : { login, type: login.endsWith("[bot]") ? "Bot" : "User" };
    const app = more.app === undefined ? null : { slug: more.app };
    const updated = more.edited === true ? later : then;
    this.comments.push({
      ...{ id: this.comments.length + 1, on: more.on, body, user, created_at: then, updated_at: updated },
      performed_via_github_app: app,
    });
  }

  async #answer(request: IncomingMessage): Promise<readonly [number, unknown]> {
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
    const ofTree = this.tree.answer(method, path, searchParams, sent as object);
    if (ofTree !== undefined) return ofTree;
    const id = Number(path.split("/").at(-1));
    const [, issue] = /^\/issues\/(\d+)\/comments$/.exec(path) ?? [];
    if (method === "GET" && issue !== undefined) return page(this.comments.filter(({ on }) => on === undefined || on === Number(issue)));
    if (method === "POST" && /^\/issues\/\d+\/comments$/.test(path)) return [201, this.#add(sent.body ?? "")];
    if (method === "PATCH" && path.startsWith("/issues/comments/"))
      return edited(
        this.comments.find((one) => one.id === id),
        { ...sent, updated_at: later },
      );
    if (method === "GET" && /^\/pulls\/\d+\/files$/.test(path)) return page(this.files);
    if (method === "GET" && /^\/pulls\/\d+\/commits$/.test(path))
      return page(
        this.commits.map(({ login, parents }) => ({ author: { login }, committer: { login }, parents: Array(parents).fill({}) })),
      );
    const [, login] = /^\/collaborators\/([^/]+)\/permission$/.exec(path) ?? [];
    if (method === "GET" && login !== undefined) {
      const permission = this.permissions[decodeURIComponent(login)];
      return permission === undefined ? [404, { message: `${login} is not a user` }] : [200, { permission, role_name: permission }];
    }
    if (method === "GET" && /^\/actions\/runs\/\d+\/approvals$/.test(path))
      return [
        200,
        this.approvals.map(({ environment, login: by, state }) => ({ state, environments: [{ name: environment }], user: { login: by } })),
      ];
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
    const queued = this.pushed[/^\/commits\/([0-9a-f]+)\/pulls$/.exec(path)?.[1] ?? ""];
    if (method === "GET" && queued !== undefined) return [200, [{ ...queued, merged_at: then }]];
    if (method === "GET" && path.startsWith("/compare/") && path.endsWith(`...${this.head}`)) {
      const commits = [...Object.keys(this.pushed), this.head].map((sha) => ({ sha }));
      return [200, { ahead_by: commits.length, commits }];
    }
    if (method === "GET" && /^\/commits\/[0-9a-f]+\/pulls$/.test(path))
      return [200, path.includes(this.head) ? this.pulls.map((pull) => ({ user: null, ...pull })) : []];
    const [, compared] = /^\/compare\/(.*)\.\.\.main$/.exec(path) ?? [];
    if (method === "GET" && compared !== undefined) return [200, { ahead_by: compared === this.head ? 0 : 1 }];
    if (method === "GET" && path === "/branches/main") return [200, { commit: { sha: this.head } }];
    if (method === "GET" && path === "/actions/workflows/deploy.yml/runs")
      return [200, { total_count: searchParams.get("status") === "in_progress" ? this.running : 0 }];
    return [404, { message: `no ${method} ${path}` }];
  }

  #add(body: string): StoredComment {
    this.seed(pipelineAuthor, body);
    return this.comments.at(-1) as StoredComment;
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
