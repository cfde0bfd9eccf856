/** Providers that the sandbox can stand in for. */
export const packageNames = ["aws", "cloudflare", "kubernetes"] as const;
export type PackageName = (typeof packageNames)[number];
