/** Tags of one resource. */
export type Tags = Readonly<Record<string, string>>;

/** The component's tags with the name that the AWS console shows. */
export function named(name: string, tags: Tags | undefined): Record<string, string> {
  return { ...tags, Name: name };
}
