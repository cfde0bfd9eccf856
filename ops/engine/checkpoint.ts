/** The file in which a backend keeps a stack, as far as Slipway reads it. */
import { z } from "zod";

const resource = z.looseObject({ urn: z.string(), type: z.string() });

/** A list, which the engine leaves out or writes as null when nothing is in it. */
function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? undefined);
}

const checkpoint = z.looseObject({
  checkpoint: z.looseObject({
    latest: z
      .looseObject({
        resources: list(resource),
        pending_operations: list(z.looseObject({ type: z.string(), resource })),
        secrets_providers: z.looseObject({ state: z.looseObject({ salt: z.string().optional() }).nullish() }).nullish(),
      })
      .nullish(),
  }),
});

/** What is in the file. */
export type Checkpoint = z.infer<typeof checkpoint>;

/** Reads it. @throws Error saying what is wrong with the text: a file that is not whole is no stack without resources */
export function checkpointIn(text: string): Checkpoint {
  const { data, error } = checkpoint.safeParse(JSON.parse(text));
  if (data !== undefined) return data;
  const [first] = error.issues;
  throw new Error(`${first?.path.join(".") || "the file"}: ${first?.message}`);
}
