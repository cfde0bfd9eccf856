/** Branches, files and pull requests of a fake repository, as GitHub's REST interface answers to them: base64, blobs by their hash, its refusals. */
import { createHash } from "node:crypto";

/** A pull request. */
export interface StoredPull {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** Branch that it brings. */
  readonly head: string;
  readonly base: string;
  readonly state: "open" | "closed";
  readonly html_url: string;
}

/** Files by path. */
type Files = Record<string, string>;

/** What is sent to it. */
interface Sent {
  readonly ref?: string;
  readonly sha?: string;
  readonly branch?: string;
  readonly content?: string;
  readonly message?: string;
  readonly title?: string;
  readonly body?: string;
  readonly head?: string;
  readonly base?: string;
}

/** The part of a repository that commits change. Its default branch is `main`. */
export class FakeTree {
  /** Files of `main`. */
  readonly files: Files = {};
  /** Files of the other branches. */
  readonly branches: Record<string, Files> = {};
  readonly pulls: StoredPull[] = [];

  /** @returns status and body; undefined for a question of something else */
  answer(method: string, path: string, params: URLSearchParams, sent: Sent): readonly [number, unknown] | undefined {
    if (method === "GET" && path === "") return [200, { full_name: "o/r", default_branch: "main" }];
    if (method === "POST" && path === "/git/refs") return this.#newBranch(sent);
    if (path.startsWith("/contents/")) {
      const name = path.slice("/contents/".length).split("/").map(decodeURIComponent).join("/");
      return method === "PUT" ? this.#write(name, sent) : this.#read(name, params.get("ref") ?? "main");
    }
    if (method === "POST" && path === "/pulls") return this.#open(sent);
    if (method !== "GET" || path !== "/pulls") return undefined;
    const [, head] = /^o:(.+)$/.exec(params.get("head") ?? "") ?? [];
    return [200, this.pulls.filter((pull) => pull.head === head && pull.state === params.get("state"))];
  }

  #of(branch: string): Files | undefined {
    return branch === "main" ? this.files : this.branches[branch];
  }

  #newBranch({ ref = "" }: Sent): [number, unknown] {
    const name = ref.replace(/^refs\/heads\//, "");
    if (this.#of(name) !== undefined) return [422, { message: "Reference already exists" }];
    this.branches[name] = { ...this.files };
    return [201, { ref }];
  }

  /** @param ref a branch, or a commit, of which there is none but that of `main` */
  #read(name: string, ref: string): [number, unknown] {
    const text = this.#of(/^[0-9a-f]{40}$/.test(ref) ? "main" : ref)?.[name];
    if (text === undefined) return [404, { message: "Not Found" }];
    return [200, { type: "file", encoding: "base64", content: Buffer.from(text).toString("base64"), sha: blobOf(text) }];
  }

  #write(name: string, { branch = "main", content = "", sha, message }: Sent): [number, unknown] {
    const files = this.#of(branch);
    const before = files?.[name];
    if (files === undefined || message === undefined) return [422, { message: "Invalid request." }];
    if (before !== undefined && sha !== blobOf(before)) return [409, { message: `${name} does not match ${sha}` }];
    files[name] = Buffer.from(content, "base64").toString("utf8");
    return [200, { commit: { message } }];
  }

  #open({ title = "", body = "", head = "", base = "" }: Sent): [number, unknown] {
    const [from, to] = [this.#of(head), this.#of(base)];
    if (from === undefined || to === undefined) return [422, { message: "Validation Failed" }];
    if (this.pulls.some((pull) => pull.head === head && pull.state === "open"))
      return [422, { message: "Validation Failed", errors: [{ message: `A pull request already exists for o:${head}.` }] }];
    if (JSON.stringify(from) === JSON.stringify(to))
      return [422, { message: "Validation Failed", errors: [{ message: `No commits between ${base} and ${head}` }] }];
    const number = 100 + this.pulls.length;
    const pull: StoredPull = { number, title, body, head, base, state: "open", html_url: `https://github.com/o/r/pull/${number}` };
    this.pulls.push(pull);
    return [201, pull];
  }
}

function blobOf(text: string): string {
  return createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest("hex");
}
