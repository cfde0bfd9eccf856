/** How the program asks AWS while it declares. */
import type { InvokeOptions, ProviderResource } from "@pulumi/pulumi";

/** Asks through a provider of the stack's. @param provider undefined where the engine's default one is meant */
export function askedThrough(provider: ProviderResource | undefined): InvokeOptions & { readonly async: true } {
  return { async: true, ...(provider === undefined ? {} : { provider }) };
}
