/** Images of a service that answers, built here and pushed by the calls that `docker push` makes: no container engine, and nothing from elsewhere. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import type { Caller } from "../awsServer.ts";

const types = {
  mediaType: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
} as const;

/**
 * Builds an image for each tag and pushes it.
 * @param tags each names an image of its own
 * @returns digests, in the order of the tags
 */
export async function pushImages({ call }: Caller, repositoryName: string, tags: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-image-"));
  try {
    const env = { CGO_ENABLED: "0", GOOS: "linux", GOARCH: "amd64", GOFLAGS: "-trimpath", GO111MODULE: "off" };
    await execa("go", ["build", "-ldflags", "-s -w", "-o", join(folder, "server"), join(import.meta.dirname, "server", "main.go")], {
      env,
    });
    const digests: string[] = [];
    for (const tag of tags) {
      const manifest = await upload(call, repositoryName, await blobsOf(folder, tag));
      const [{ image }] = await call<[{ readonly image: { readonly imageId: { readonly imageDigest: string } } }]>([
        "ecr",
        "put_image",
        { repositoryName, imageManifest: manifest, imageTag: tag },
      ]);
      digests.push(image.imageId.imageDigest);
    }
    return digests;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The two files that an image is made of. */
interface Blobs {
  readonly config: string;
  readonly layer: string;
}

async function blobsOf(folder: string, tag: string): Promise<Blobs> {
  const [archive, layer, config] = ["layer.tar", "layer.tar.gz", "config.json"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(join(folder, "version"), tag);
  await execa("tar", ["-cf", archive, "-C", folder, "server", "version"]);
  const content = readFileSync(archive);
  writeFileSync(layer, gzipSync(content));
  const rootfs = { type: "layers", diff_ids: [digestOf(content)] };
  const runs = { Entrypoint: ["/server"], ExposedPorts: { "8080/tcp": {} } };
  writeFileSync(config, JSON.stringify({ architecture: "amd64", os: "linux", config: runs, rootfs }));
  return { config, layer };
}

/** @returns the manifest */
async function upload(call: Caller["call"], repositoryName: string, blobs: Blobs): Promise<string> {
  const parts = ([blobs.config, blobs.layer] as const).map((file) => ({
    file,
    size: statSync(file).size,
    digest: digestOf(readFileSync(file)),
  }));
  for (const { file, size, digest } of parts) {
    const [{ uploadId }] = await call<[{ readonly uploadId: string }]>(["ecr", "initiate_layer_upload", { repositoryName }]);
    const named = { repositoryName, uploadId };
    await call(
      ["ecr", "upload_layer_part", { ...named, partFirstByte: 0, partLastByte: size - 1, layerPartBlob: { contentOf: file } }],
      ["ecr", "complete_layer_upload", { ...named, layerDigests: [digest] }],
    );
  }
  const [config, layer] = parts.map(({ size, digest }) => ({ size, digest }));
  return JSON.stringify({
    ...{ schemaVersion: 2, mediaType: types.mediaType },
    ...{ config: { mediaType: types.config, ...config }, layers: [{ mediaType: types.layer, ...layer }] },
  });
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
