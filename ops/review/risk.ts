/** How much a change can hurt, gravest first, and what a reviewer is asked for. */

export const risks = ["data-loss", "outage", "exposure", "guard", "unjudged", "traffic", "routine", "noise"] as const;

/** One of the classes of `risks`. */
export type Risk = (typeof risks)[number];

/** What each class means, as the legend under a review says it. */
export const riskMeanings: Readonly<Record<Risk, string>> = {
  "data-loss": "something that holds data is deleted or replaced. Not safe: restore must be possible first",
  outage: "users may be cut off while it happens. Not safe outside a maintenance window",
  exposure: "more people or programs may reach something. Caution",
  guard: "a protection, a retention, an alarm or a right is taken away or weakened. Caution",
  unjudged: "this tool does not know what it does. Read it property by property",
  traffic: "users are sent, blocked or answered differently. No downtime; watch it",
  routine: "no downtime: in place, or task by task behind the load balancer",
  noise: "tags, descriptions and order; nothing runs differently",
};

/** Classes that somebody else than the author has to acknowledge, before the merge and before the apply. */
const grave: ReadonlySet<Risk> = new Set<Risk>(["data-loss", "outage", "exposure"]);

/** Whether changes of this class need an acknowledgement. */
export function isGrave(risk: Risk): boolean {
  return grave.has(risk);
}

/** The graver of two. */
function graver(a: Risk, b: Risk): Risk {
  return risks.indexOf(a) <= risks.indexOf(b) ? a : b;
}

/** The gravest of some; noise when there are none. */
export function gravest(some: readonly Risk[]): Risk {
  return some.reduce<Risk>(graver, "noise");
}
