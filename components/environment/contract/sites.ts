/** Config area `sites`: static frontends, their hosts and what answers them. */

import { keyName, mapByName } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";
import { siteBackend, staticSite } from "../../staticSite/contract.ts";

const site = staticSite
  .safeExtend({
    backend: siteBackend
      .extend({
        service: z
          .string()
          .describe("service that answers, one of services")
          .meta({ examples: ["api"] }),
      })
      .optional()
      .describe("paths of the site that a service of the stack answers")
      .meta({ examples: [{ service: "api" }] }),
    proxied: z.boolean().default(false).describe("send requests through Cloudflare's network; only with a Cloudflare zone"),
  })
  .describe("one static site");

export const sites = mapByName(
  "static frontends by name: private files behind CloudFront, alone or as the backup of an external host",
  keyName(20, "site name"),
  site,
  { app: { hosts: ["www.coinestate.io"] } },
);
