"""Analyses IAM policy documents with parliament.

usage: policyFindings.py < {"<name>": "<policy document as JSON>", ...}
Writes one JSON list: {"policy", "issue", "severity", "detail", "location"} for each finding.
"""

import json
import sys

from parliament import analyze_policy_string, enhance_finding

findings = []
for name, document in json.load(sys.stdin).items():
    for finding in analyze_policy_string(document).findings:
        finding = enhance_finding(finding)
        findings.append(
            {
                "policy": name,
                "issue": finding.issue,
                "severity": finding.severity,
                "detail": str(finding.detail),
                "location": str(finding.location),
            }
        )
json.dump(findings, sys.stdout)
