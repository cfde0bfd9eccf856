/** What scanners say. */

export type Scanner = "actionlint" | "checkov" | "kube-score" | "kubeconform" | "parliament" | "zizmor";

/** One thing that a scanner does not like. */
export interface Finding {
  readonly scanner: Scanner;
  /** Id of the check, such as `CKV_AWS_18`. */
  readonly check: string;
  /** Terraform address, or kind, namespace and name of a Kubernetes object. */
  readonly resource: string;
  /** The scanner's own words. */
  readonly detail: string;
}

/** What one scanner said of one stack. */
export interface ScanResult {
  readonly scanner: Scanner;
  /** Checks that held; for parliament policies, for kubeconform objects without a finding. */
  readonly passed: number;
  readonly findings: readonly Finding[];
}
