/** Keys that people write because other tools have them, and what Slipway has or does not have in their place. */
const ofServices: Readonly<Record<string, string>> = {
  spot: "Slipway runs no tasks on FARGATE_SPOT: a colour that loses its tasks cannot take traffic back.",
  sidecars: "A task has one container; what runs beside it has to be in the image, or a service of its own.",
  schedule: "Slipway runs no scheduled tasks; a program beside this one can, on the same cluster.",
  type: "What a service is, is called kind.",
  cron: "Slipway runs no scheduled tasks; a program beside this one can, on the same cluster.",
};

/** What is said of a key that is not offered; undefined where there is nothing to say. @param at path of what holds it */
export function notOffered(at: readonly (string | number)[], key: string): string | undefined {
  return at[0] === "services" && at.length === 2 && Object.hasOwn(ofServices, key) ? ofServices[key] : undefined;
}
