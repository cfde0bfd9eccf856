/** What the engine refuses for its protections is one line, after what would have happened. */
import { expect, test } from "vitest";
import { commentText } from "../../../ops/review/comment.ts";
import { terminalText } from "../../../ops/review/terminal.ts";
import { reviewOf } from "../../harness/craftedReview.ts";

const urn = (type: string, name: string) => `urn:pulumi:production::slipway::${type}::${name}`;
const secret = "aws:secretsmanager/secret:Secret";
const key = "aws:kms/key:Key";

// The engine's own three ways to say it: pkg/resource/deploy, step.go and step_generator.go, v3.230.0.
const diagnostics = [
  `<{%reset%}>resource "${urn(secret, "partner-key")}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn(secret, "partner-key")}'\`<{%reset%}>`,
  `<{%reset%}>unable to replace resource "${urn(key, "main")}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`<{%reset%}>`,
  `<{%reset%}>unable to replace resource "${urn(key, "copy")}" as part of replacing "${urn(key, "main")}" as it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn(key, "copy")}'\`<{%reset%}>`,
  "<{%reset%}>preview failed<{%reset%}>\n",
].map((message) => ({ severity: "error", message }));

test("V16 protected things are refused in one line, and what would have happened stands first", () => {
  const review = reviewOf({ "partner-key": { op: "delete", type: secret, protect: [true, true] } }, { diagnostics }, { exitCode: 255 });
  expect(review.status).toBe("failed");
  for (const text of [commentText({ project: "p", commit: "c", reviews: [review] }), terminalText(review)]) {
    expect(text).not.toMatch(/unprotect|remove the .protect. flag|preview failed/);
    expect(text).toMatch(/refused.*: 3 protected things would be deleted or replaced/);
    expect(text.match(/partner-key.*is deleted with what it holds/)).not.toBeNull();
  }
  const comment = commentText({ project: "p", commit: "c", reviews: [review] });
  expect(comment.indexOf("is deleted with what it holds")).toBeLessThan(comment.indexOf("kms.key `copy`"));
  expect(comment).toContain("docs/decisions/0007-data-and-config-changes.md");
});

test("V16 another error beside them is told as it is", () => {
  const other = { severity: "error", message: "<{%reset%}>the token has expired<{%reset%}>" };
  const review = reviewOf({}, { diagnostics: [...diagnostics, other] }, { exitCode: 255 });
  expect(review.errors).toEqual(["the token has expired"]);
});
