/** What `slipway doctor` says of one thing. Pure. */

/** What a thing belongs to. */
export type Area = "tools" | "account" | "cloudflare" | "quotas" | "images" | "secrets" | "dns" | "certificates" | "people" | "cluster";

/** One thing that an update needs. */
export type Line = {
  readonly area: Area;
  readonly what: string;
  /** What is there, or why nobody can tell. */
  readonly found: string;
} & (
  | { readonly verdict: "good" }
  /** The update itself makes it: there is nothing to do before. */
  | { readonly verdict: "later" }
  /** It has to be put right; `notAsked` could not be looked at, and so is not proved. */
  | {
      readonly verdict: "missing" | "notAsked" /** Command that puts it right, or what a person does where there is none. */;
      readonly fix: string;
    }
);

/** Whether an update can begin with it. */
export function passes({ verdict }: Line): boolean {
  return verdict === "good" || verdict === "later";
}
