/** Is what runs what was asked for? Deployed means: the wanted revision is the one that runs, with the wanted tasks. */

/** A deployment as it is read after an update. */
export interface Deployment {
  /** What was asked for: revision, and number of tasks as the service desires it now. */
  readonly wanted: { readonly revision: string; readonly tasks: number };
  /** What runs: the revision of the primary deployment whose tasks run, empty when there is none, and how many of its tasks run. */
  readonly running: { readonly revision: string; readonly tasks: number };
  /** What the scheduler says of it: `rolloutState` of ECS. */
  readonly state: "completed" | "inProgress" | "failed";
}

/** What is to be done about a deployment. `value` is the revision that would do. */
export type DeploymentAnswer =
  | { readonly answer: "asWanted"; readonly reason: string; readonly value: string }
  /** It is under way: ask again. */
  | { readonly answer: "wait"; readonly reason: string; readonly value: string }
  /** It broke, stalled or was put back: the next update deploys it again, never passes over it. */
  | { readonly answer: "repeat"; readonly reason: string; readonly value: string };

/** Is the deployment what is wanted? */
export function deploymentAnswer({ wanted, running, state }: Deployment): DeploymentAnswer {
  const value = wanted.revision;
  const short = running.tasks < wanted.tasks;
  const other = wanted.tasks > 0 && running.revision !== wanted.revision;
  const reason = other
    ? `${running.revision === "" ? "nothing" : running.revision} runs, and ${wanted.revision} is wanted`
    : `${running.tasks} of ${wanted.tasks} tasks of ${wanted.revision} run`;
  if (state === "failed") return { answer: "repeat", reason: `the deployment failed: ${reason}`, value };
  if (!short && !other) return { answer: "asWanted", reason, value };
  return { answer: state === "inProgress" ? "wait" : "repeat", reason, value };
}
