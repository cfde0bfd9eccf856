/** Features that go: what that means, before what their parts would say each for itself. */
import type { Change } from "../change.ts";
import { code, phrase } from "../phrase.ts";
import { type Story, storyOf } from "../story.ts";

interface Feature {
  /** Component whose parts it is. */
  readonly component: string;
  /** The part without which it is none. */
  readonly core: string;
  /** @param name of the core's resource @param description of it */
  readonly loss: (name: string, description: string) => { readonly headline: Story["headline"]; readonly detail: string };
}

const features: readonly Feature[] = [
  {
    component: "slipway:rollback:AutoRollback",
    core: "aws:lambda/function:Function",
    loss: (name, description) => ({
      headline: phrase`${code(/^\S+ (\S+):/.exec(description)?.[1] ?? name)} no longer rolls back by itself`,
      detail: "a bad canary stays until somebody acts",
    }),
  },
];

/** Stories of features that go as a whole. All their parts are told by these, as they hold nothing of anybody else. */
export function featureStories(changes: readonly Change[]): Story[] {
  return features.flatMap(({ component, core, loss }) => {
    const parts = changes.filter(({ op, urn }) => op === "delete" && urn.includes(`${component}$`));
    return parts
      .filter(({ type }) => type === core)
      .map((one) => {
        const own = parts.filter(({ name }) => name === one.name || name.startsWith(`${one.name}-`));
        const { headline, detail } = loss(one.name, String(one.before.description ?? ""));
        return { ...storyOf(one, "guard", headline, phrase`${detail}; ${own.length} resources of it go`), urns: own.map(({ urn }) => urn) };
      });
  });
}
