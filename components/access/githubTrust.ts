/** Who may take a role: one GitHub repository, and one branch, environment or kind of event of it. */

/** Host of GitHub's token service, part of every condition key. */
export const githubTokens = "token.actions.githubusercontent.com";

/** What a workflow run must be for. */
export type GithubSubject =
  /** A job of a pull request. Forks get no token. */
  | { readonly kind: "pullRequest" }
  /** A job that names a GitHub environment, with that environment's reviewers. Its subject names no branch. */
  | { readonly kind: "environment"; readonly environment: string }
  /** A job on a branch that names no environment. */
  | { readonly kind: "branch"; readonly branch: string };

/** A repository as its tokens name it. */
export interface GithubRepository {
  /** `owner/name`. */
  readonly repository: string;
  /** Numeric id, which a renamed or re-created repository does not inherit. @default not checked */
  readonly repositoryId?: string | undefined;
  /** Start of the subject where the repository has another format than `repo:owner/name`. @default that */
  readonly subjectPrefix?: string | undefined;
  /** The only workflow file and ref, `owner/name/.github/workflows/deploy.yml@refs/heads/main`. @default any of the repository */
  readonly workflow?: string | undefined;
}

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

/** Trust policy of a role: audience and subject are equal to one value each, never like a pattern. */
export function trustPolicy(providerArn: string, repository: GithubRepository, subject: GithubSubject): Readonly<Record<string, unknown>> {
  const claims: Record<string, string> = {
    [`${githubTokens}:aud`]: "sts.amazonaws.com",
    [`${githubTokens}:sub`]: subjectOf(repository, subject),
    [`${githubTokens}:repository`]: repository.repository,
  };
  if (repository.repositoryId !== undefined) claims[`${githubTokens}:repository_id`] = repository.repositoryId;
  if (repository.workflow !== undefined) claims[`${githubTokens}:job_workflow_ref`] = repository.workflow;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "GitHubActions",
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: claims },
      },
    ],
  };
}
