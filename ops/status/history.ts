/** The last updates of the stack, by the engine's own history beside the state: what, when, by whom, of which commit. */
import { z } from "zod";
import { stateAddress } from "../engine/backend.ts";
import { readsFiles, stateFiles } from "../engine/stateFiles.ts";
import type { Asked } from "./asked.ts";

/** One run of the engine that changed the stack, or tried to. */
export interface PastUpdate {
  /** `update`, `refresh`, `destroy`… */
  readonly kind: string;
  /** ISO 8601. */
  readonly ended: string;
  /** `succeeded`, `failed`, `in-progress`. */
  readonly result: string;
  /** Resources by what became of them, without those that stayed the same. */
  readonly changes: Readonly<Record<string, number>>;
  /** Author of the commit, by its name; else what the pipeline calls who ran it. @default nobody knows */
  readonly by?: string;
  /** The first ten characters of the commit. */
  readonly commit?: string;
  /** First line of its message. */
  readonly message?: string;
}

/** How many are told, and how far back they are looked for. */
const told = { updates: 5, days: 30 } as const;

/** As the engine writes it. The config that is in it, too, is not read. */
const record = z.object({
  kind: z.string(),
  endTime: z.number().describe("seconds of the epoch"),
  message: z.string().default(""),
  result: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  resourceChanges: z.record(z.string(), z.number()).nullish(),
});

/** The newest first. @throws Error where the backend's files are not read here */
export async function pastUpdates({ stack: { backend, project, name } }: Pick<Asked, "stack">): Promise<PastUpdate[]> {
  const address = stateAddress(backend);
  if (!readsFiles(address)) throw new Error(`${address} tells its history to the engine alone`);
  const files = stateFiles(address);
  const folder = `.pulumi/history/${project.name}/${name}`;
  // Names have the time in nanoseconds of the epoch, which sort as text until 2286.
  const first = `${folder}/${name}-${(Date.now() - told.days * 86_400_000) * 1_000_000}`;
  const keys = (await files.list(folder, first)).filter((key) => key.endsWith(".history.json")).sort();
  const texts = await Promise.all(keys.slice(-told.updates).map((key) => files.read(key)));
  return texts.flatMap((text) => (text === undefined ? [] : pastUpdate(text))).reverse();
}

function pastUpdate(text: string): PastUpdate[] {
  const { data } = record.safeParse(JSON.parse(text));
  if (data === undefined) return [];
  const { kind, endTime, result, environment, resourceChanges, message } = data;
  const by = environment["git.author"] ?? environment["ci.build.actor"];
  const commit = environment["git.head"]?.slice(0, 10);
  const [line = ""] = message.split("\n");
  return [
    {
      ...{ kind, result, ended: new Date(endTime * 1000).toISOString() },
      changes: Object.fromEntries(Object.entries(resourceChanges ?? {}).filter(([what]) => what !== "same")),
      ...(by === undefined ? {} : { by }),
      ...(commit === undefined ? {} : { commit }),
      ...(line === "" ? {} : { message: line }),
    },
  ];
}
