/** The objects of a cluster as YAML files, for people and for scanners that read manifests. */

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { sandboxOf } from "../../ops/engine/backend.ts";
import type { Project } from "../../ops/project/project.ts";
import { writeText } from "../../ops/textFile.ts";
import { UserError } from "../../ops/userError.ts";
import type { LiveObject } from "../../sandbox/cloud/liveStore.ts";
import { isObject, type Properties, type Value } from "../../sandbox/provider/values.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/** One object as a manifest. */
export interface Manifest {
  /** `namespace-kind-name.yaml` */
  readonly file: string;
  readonly text: string;
}

/** What the server fills in. */
const serverFields = ["uid", "resourceVersion", "generation", "creationTimestamp"];

/** Manifests of everything that exists on simulated clusters, by file name. A stored digest of a secret stays a digest. */
export function manifestsOf(objects: readonly LiveObject[]): Manifest[] {
  return objects
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ type, properties }) => {
      const { apiVersion, kind, metadata, status: _, ...rest } = properties;
      const [, version = "", name = ""] = type.split(":");
      const cleaned = cleanMetadata(metadata);
      return {
        file: `${[cleaned.namespace, kind ?? name, cleaned.name].filter((part) => part !== undefined).join("-")}.yaml`.toLowerCase(),
        text: stringify(
          { apiVersion: apiVersion ?? version.replace(/^core\//, ""), kind: kind ?? name, metadata: cleaned, ...rest },
          { lineWidth: 0, aliasDuplicateObjects: false },
        ),
      };
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/**
 * Writes the manifests of a project's simulated clusters into a folder, in place of those that are there.
 * @returns names of the files
 * @throws UserError when nothing runs on a cluster
 */
export function renderManifests(project: Project, folder: string): string[] {
  const manifests = manifestsOf(openLiveStore(sandboxOf(project).folder).all());
  if (manifests.length === 0)
    throw new UserError(
      "Nothing runs on a simulated cluster. Put a service on one (compute: kubernetes), and run: slipway up --stack <stack>",
    );
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) rmSync(join(folder, old));
  for (const { file, text } of manifests) writeText(join(folder, file), text);
  return manifests.map(({ file }) => file);
}

function cleanMetadata(metadata: Value | undefined): Properties {
  const fields = isObject(metadata) ? metadata : {};
  const annotations = isObject(fields.annotations)
    ? Object.fromEntries(Object.entries(fields.annotations).filter(([key]) => !key.startsWith("pulumi.com/")))
    : {};
  const kept = Object.entries(fields).filter(([key]) => !serverFields.includes(key) && key !== "annotations");
  return { ...Object.fromEntries(kept), ...(Object.keys(annotations).length === 0 ? {} : { annotations }) };
}
