/** Who may take a role: one GitHub repository, and one branch, environment or kind of event of it. */
import type { Given } from "../contract/accepted.ts";
import type { pipelineAccess } from "./contract.ts";

/** Host of GitHub's token service, part of every condition key. */
export const githubTokens = "token.actions.githubusercontent.com";

/** What a workflow run must be for. */
export type GithubSubject =
  /** A job of a pull request. Forks get no token. */
  | { readonly kind: "pullRequest" }
  /** A job that names a GitHub environment, with that environment's reviewers, and no branch; or one on a branch that names none. */
  | Given<typeof pipelineAccess>["apply"];

/** A repository as its tokens name it. */
export type GithubRepository = Pick<Given<typeof pipelineAccess>, "repository" | "repositoryId" | "subjectPrefix" | "workflow">;

/** Subject of a token, in full: no pattern. */
export function subjectOf({ repository, subjectPrefix = `repo:${repository}` }: GithubRepository, subject: GithubSubject): string {
  switch (subject.kind) {
    case "pullRequest":
      return `${subjectPrefix}:pull_request`;
    case "environment":
      return `${subjectPrefix}:environment:${subject.environment}`;
    case "branch":
      return `${subjectPrefix}:ref:refs/heads/${subject.branch}`;
  }
}

/** A subject, and the only workflow whose jobs may have it. */
export interface TrustedJobs {
  readonly subject: GithubSubject;
  /** @default any */
  readonly workflow?: string | undefined;
}

/** Trust policy of a role: audience and subject are equal to one value each, never like a pattern. @param jobs one statement each */
export function trustPolicy(
  providerArn: string,
  repository: Omit<GithubRepository, "workflow">,
  jobs: readonly TrustedJobs[],
): Readonly<Record<string, unknown>> {
  return {
    Version: "2012-10-17",
    Statement: jobs.map((one, index) => ({
      Sid: `GitHubActions${index === 0 ? "" : index + 1}`,
      Effect: "Allow",
      Principal: { Federated: providerArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: claimsOf(repository, one) },
    })),
  };
}

function claimsOf(repository: Omit<GithubRepository, "workflow">, { subject, workflow }: TrustedJobs): Readonly<Record<string, string>> {
  const claims: Record<string, string> = {
    [`${githubTokens}:aud`]: "sts.amazonaws.com",
    [`${githubTokens}:sub`]: subjectOf(repository, subject),
    [`${githubTokens}:repository`]: repository.repository,
  };
  if (repository.repositoryId !== undefined) claims[`${githubTokens}:repository_id`] = repository.repositoryId;
  if (workflow !== undefined) claims[`${githubTokens}:job_workflow_ref`] = workflow;
  return claims;
}
