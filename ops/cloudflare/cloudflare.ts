/**
 * The one door to Cloudflare: a few questions by GET, with the token that the provider takes too. Simulated Cloudflare answers in its
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

/** Cloudflare as one command sees it. */
export class Cloudflare {
  readonly #ask: CloudflareApi | ((path: string) => Promise<Awaited<ReturnType<CloudflareApi>>>);

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
}

/** The Cloudflare of a stack: the real one or the simulated one, as the stack's backend says. */
export async function openCloudflare({ backend, config: { dns } }: NamedStack): Promise<Cloudflare> {
  if (isReal(backend, "cloudflare")) return new Cloudflare();
  const { simulatedCloudflare } = await import("../../sandbox/cloudflare/api.ts");
  return new Cloudflare(simulatedCloudflare(openLiveStore(cloudFolder(backend)), { id: dns.zoneId, name: dns.zone }));
}

async function asked(path: string) {
  const { CLOUDFLARE_API_TOKEN: token = "", CLOUDFLARE_BASE_URL: server = "https://api.cloudflare.com/client/v4" } = process.env;
  if (token === "") throw new UserError("CLOUDFLARE_API_TOKEN is not set", 2);
  try {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${server}${path}`, { headers, signal: AbortSignal.timeout(longest) });
    return { status: answer.status, body: (await answer.json()) as object };
  } catch (error) {
    const { message, cause } = error as Error;
    throw new UserError(`Cloudflare does not answer: ${cause instanceof Error ? cause.message : message}`);
  }
}
