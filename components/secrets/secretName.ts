/** Names of secrets that both stores accept: three to fifteen parts, each with a slash in front. */
export const secretNamePattern = /^(?:\/[A-Za-z0-9_.-]+){3,15}$/;
