/** Files of a state backend that Slipway does not run itself: a folder, or a bucket. */
import { existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { textIn } from "../../infra/config/textFile.ts";
import { Aws } from "../aws/aws.ts";
import { UserError } from "../userError.ts";
import { type Backend, stateAddress } from "./backend.ts";

/** Files by their paths below the backend's address. */
export interface StateFiles {
  /** Paths of the files of a folder. @param after only those whose path comes later, by their characters. @default all */
  list(folder: string, after?: string): Promise<string[]>;
  /** @returns undefined when there is no such file */
  read(path: string): Promise<string | undefined>;
  remove(path: string): Promise<void>;
}

/**
 * The files of an address: `file:///folder`, `s3://<bucket>/<prefix>?region=<region>`; one beside AWS as the engine takes it,
 * with `endpoint=<https://host>` and `s3ForcePathStyle=true`.
 * @throws UserError for a kind of address that is not known
 */
export function stateFiles(backend: string): StateFiles {
  const { protocol, hostname, pathname, searchParams } = new URL(backend);
  if (protocol === "file:") return folderFiles(fileURLToPath(`file://${pathname}`));
  if (protocol !== "s3:") throw new UserError(`${protocol} is no backend whose files can be read here; s3: and file: are.`, 2);
  const region = searchParams.get("region") ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (region === undefined) throw new UserError(`${backend} names no region of its bucket. Add it: s3://${hostname}?region=<region>`, 2);
  const endpoint = searchParams.get("endpoint");
  return bucketFiles(
    new Aws({
      ...{ cloud: `the bucket ${hostname}`, region, pathStyle: searchParams.get("s3ForcePathStyle") === "true" },
      ...(endpoint === null ? {} : { endpoint }),
    }),
    { bucket: hostname, region, prefix: pathname.replace(/^\/|\/$/g, "") },
  );
}

/** Settings of a bucket that are read here. */
const bucketSettings = new Set(["region", "endpoint", "s3ForcePathStyle", "awssdk"]);

/** Whether an address' files can be read here; one with other settings, such as a profile, is left to the engine. */
export function readsFiles(address: string): boolean {
  const [place = "", settings] = address.split("?");
  if (place.startsWith("file:///")) return settings === undefined;
  return place.startsWith("s3://") && [...new URLSearchParams(settings).keys()].every((key) => bucketSettings.has(key));
}

/**
 * A stack's record as the backend keeps it, its secrets encrypted; undefined where there is none, or where only the engine can
 * reach it: it may be packed, or at a kind of backend whose files are not read here.
 */
export async function storedState({ backend, project, stack }: StateOwner): Promise<string | undefined> {
  const url = stateAddress(backend);
  return readsFiles(url) ? stateFiles(url).read(`.pulumi/stacks/${project.name}/${stack}.json`) : undefined;
}

/** Whose record it is. */
export interface StateOwner {
  readonly backend: Backend;
  readonly project: { readonly name: string };
  readonly stack: string;
}

function folderFiles(root: string): StateFiles {
  return {
    list: async (folder, after = "") => {
      const all = join(root, folder);
      const paths = existsSync(all) ? readdirSync(all).map((file) => `${folder}/${file}`) : [];
      return paths.filter((path) => path > after);
    },
    // Of a link that leads nowhere nobody may believe that there is no state: the next update would make all of it again.
    read: async (path) => (lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined ? undefined : textIn(join(root, path))),
    // The engine keeps attributes beside each file of a folder.
    remove: async (path) => {
      for (const file of [path, `${path}.attrs`]) rmSync(join(root, file), { force: true });
    },
  };
}

/** Where a bucket's files are. */
export interface BucketPlace {
  readonly bucket: string;
  readonly region: string;
  /** Without slashes at its ends. */
  readonly prefix: string;
}

/** @param aws credentials of any account: no config names the bucket's */
export function bucketFiles(aws: Aws, { bucket: Bucket, region, prefix }: BucketPlace): StateFiles {
  const keyOf = (path: string) => (prefix === "" ? path : `${prefix}/${path}`);
  const s3 = () => aws.client("s3", region);
  return {
    list: async (folder, after) => {
      const start = after === undefined ? {} : { StartAfter: keyOf(after) };
      const listed = (await s3()).paginateListObjectsV2({ Bucket, Prefix: `${keyOf(folder)}/`, ...start });
      const pages = await aws.told(`${folder} cannot be listed`, Array.fromAsync(listed));
      const keys = pages.flatMap(({ Contents = [] }) => Contents.map(({ Key = "" }) => Key));
      return keys.map((key) => (prefix === "" ? key : key.slice(prefix.length + 1)));
    },
    read: async (path) => {
      try {
        return await (await (await s3()).getObject({ Bucket, Key: keyOf(path) })).Body?.transformToString();
      } catch (error) {
        if (error instanceof Error && error.name === "NoSuchKey") return undefined;
        throw aws.refusal(error, `${path} cannot be read`);
      }
    },
    remove: async (path) => {
      await aws.told(`${path} cannot be deleted`, (await s3()).deleteObject({ Bucket, Key: keyOf(path) }));
    },
  };
}
