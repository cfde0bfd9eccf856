/** JSON Schema of stack files, for completion and checks in editors. */
import { shapeOfArea } from "../../infra/config/shape.ts";
import { areaNames } from "../../infra/config/stack.ts";

/** Schema of a whole `Pulumi.<stack>.yaml`. */
export function stackFileSchema(): Readonly<Record<string, unknown>> {
  const secure = { type: "object", properties: { secure: { type: "string" } }, required: ["secure"], additionalProperties: false };
  const areas = areaNames.map((name) => {
    const { $schema: _, ...shape } = shapeOfArea(name) as Record<string, unknown>;
    return [`slipway:${name}`, shape] as const;
  });
  const required = areas.filter(([, shape]) => !("default" in shape)).map(([key]) => key);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Slipway stack",
    description: "Config of one stack. Made from the schemas in infra/config by `npm run schema`; do not edit.",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(areas),
        required,
        patternProperties: { "^(?!slipway:)[a-z-]+:": true },
        additionalProperties: false,
      },
      secretsprovider: {
        type: "string",
        description: "Where the stack's secrets are encrypted, such as awskms://alias/slipway?region=us-east-1",
      },
      encryptedkey: { type: "string" },
      encryptionsalt: { type: "string" },
    },
    required: ["config"],
    additionalProperties: false,
    $defs: { secure },
  };
}
