/** Images by digest: whether the registry that each region pulls from has what config names. */

import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import type { Held, Wanted } from "../release/heldImages.ts";
import type { Line } from "./line.ts";

/** Where images are pushed to, and in which words. */
export interface PushPlace {
  /** Account of the stack; repositories of another one are their owner's. */
  readonly account: string;
  /** Region that images are pushed to; the others copy. */
  readonly primary: string;
  readonly simulated: boolean;
  /** Words that name the stack in a command. */
  readonly stack: string;
}

/** Judges, a line for each image. Pure. */
export function imageLines({ account, region, repository, images }: Wanted, held: Held, place: PushPlace): Line[] {
  const foreign = account !== place.account;
  return images.map(({ service, digest }): Line => {
    const line = { area: "images", what: `${service} ${digest.slice(0, 19)}…, ${region}${foreign ? ` of ${account}` : ""}` } as const;
    if ("repository" in held && held.repository === "refused") {
      const add = pulumiCommand(`config set --path 'slipway:registry.pullAccounts[0]' ${place.account}`);
      const fix = `${add}   (or the list's next place, in the stack of account ${account}; then its update)`;
      return { ...line, found: `${repository} does not let account ${place.account} pull`, verdict: "missing", fix };
    }
    if ("repository" in held) {
      const fix = foreign
        ? `slipway up of the stack in account ${account}, which makes the repository`
        : `slipway up ${place.stack}   (makes the repositories, then says what to push)`;
      return { ...line, found: `there is no repository ${repository} yet`, verdict: "missing", fix };
    }
    if (held.digests.includes(digest)) return { ...line, found: `in ${repository}`, verdict: "good" };
    const push = { account, region, repository, digest };
    return { ...line, found: `${repository} does not hold it`, verdict: "missing", fix: pushing(push, place) };
  });
}

function pushing(
  { account, region, repository, digest }: Record<"account" | "region" | "repository" | "digest", string>,
  { account: own, primary, simulated, stack }: PushPlace,
): string {
  if (simulated) return `slipway sandbox images push ${stack}`;
  // What was pushed before the rule of replication was there is not copied.
  if (account === own && region !== primary)
    return `slipway up ${stack}   (pushes it again under another tag, which copies it to ${region})`;
  return `docker push ${account}.dkr.ecr.${region}.amazonaws.com/${repository}:<tag of ${digest}>`;
}
