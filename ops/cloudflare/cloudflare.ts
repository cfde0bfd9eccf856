/**
 * The one door to Cloudflare: a few questions by GET and one of GraphQL, with the token that the provider takes too. Simulated Cloudflare answers in its
 * place. Why no client: docs/decisions/0010-one-door-to-aws.md.
 */
import { z } from "zod";
import type { CloudflareApi } from "../../sandbox/cloudflare/api.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { cloudFolder, isReal } from "../engine/backend.ts";
import type { NamedStack } from "../project/stack.ts";
import { UserError } from "../userError.ts";

/** How long Cloudflare may take, milliseconds. */
const longest = 10_000;

const envelope = z.looseObject({
  success: z.boolean(),
  errors: z.array(z.looseObject({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown(),
});

/** A part that the token may not read, or a zone that it does not know. */
export class NotAllowed extends UserError {}

type Answered = ReturnType<CloudflareApi>;

/** What GraphQL answers: data, or errors by a status of 200 (Cloudflare, GraphQL Analytics API, "Error responses"). */
const graphAnswer = z.looseObject({
  data: z.unknown(),
  errors: z.array(z.looseObject({ message: z.string() })).nullish(),
});

/** Cloudflare as one command sees it. */
export class Cloudflare {
  readonly #ask: (path: string, body?: object) => Answered | Promise<Answered>;

  /** @param answer in Cloudflare's place. @default Cloudflare answers */
  constructor(answer?: CloudflareApi) {
    this.#ask = answer ?? asked;
  }

  /**
   * What a GET answers.
   * @param path below `/client/v4`: `/zones/<id>`
   * @throws NotAllowed when the token may not, UserError when it is no token or nobody can tell
   */
  async get<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape>> {
    const { status, body } = await this.#ask(path);
    const { data } = envelope.safeParse(body);
    if (data?.success === true) return shape.parse(data.result);
    const reasons = (data?.errors ?? []).map(({ code, message }) => `${message} (${code})`).join(", ") || `status ${status}`;
    const said = `Cloudflare refuses ${path}: ${reasons}`;
    throw status === 403 || status === 404 ? new NotAllowed(said) : new UserError(said, status === 400 || status === 401 ? 2 : 1);
  }

  /**
   * What the analytics answer to a GraphQL query.
   * @throws NotAllowed when the token may not, or the zone's plan has no such data; UserError when nobody can tell
   */
  async query<Shape extends z.ZodType>(query: string, shape: Shape): Promise<z.output<Shape>> {
    const { status, body } = await this.#ask("/graphql", { query });
    const { data: answer } = graphAnswer.safeParse(body);
    const [error] = answer?.errors ?? [];
    if (status === 200 && error === undefined && answer !== undefined) return shape.parse(answer.data);
    const said = `Cloudflare refuses analytics: ${error?.message ?? `status ${status}`}`;
    if (/does not have access to the path/.test(said))
      throw new NotAllowed(`${said}. The plan of the zone has no such data: look at Security > Events in its dashboard.`);
    if (/not authorized|Authentication error/i.test(said) || status === 401 || status === 403)
      throw new NotAllowed(`${said}. Add Analytics: Read for the zone to the token at https://dash.cloudflare.com/profile/api-tokens.`);
    throw new UserError(said);
  }
}

/** The Cloudflare of a stack: the real one or the simulated one, as the stack's backend says. */
export async function openCloudflare({ backend, config: { dns } }: NamedStack): Promise<Cloudflare> {
  if (isReal(backend, "cloudflare")) return new Cloudflare();
  const { simulatedCloudflare } = await import("../../sandbox/cloudflare/api.ts");
  return new Cloudflare(simulatedCloudflare(openLiveStore(cloudFolder(backend)), { id: dns.zoneId, name: dns.zone }));
}

async function asked(path: string, question?: object) {
  const { CLOUDFLARE_API_TOKEN: token = "", CLOUDFLARE_BASE_URL: server = "https://api.cloudflare.com/client/v4" } = process.env;
  if (token === "") throw new UserError("CLOUDFLARE_API_TOKEN is not set", 2);
  try {
    const headers = { authorization: `Bearer ${token}` };
    const post = question === undefined ? {} : { method: "POST", body: JSON.stringify(question) };
    const answer = await fetch(`${server}${path}`, {
      ...post,
      headers: { ...headers, "content-type": "application/json" },
      signal: AbortSignal.timeout(longest),
    });
    return { status: answer.status, body: (await answer.json()) as object };
  } catch (error) {
    const { message, cause } = error as Error;
    throw new UserError(`Cloudflare does not answer: ${cause instanceof Error ? cause.message : message}`);
  }
}
