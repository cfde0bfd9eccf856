/** Escape hatch of every component: a pure function per child, run before the child is created. */
import { type CustomResourceOptions, mergeOptions } from "@pulumi/pulumi";

/**
 * Changes what a child is created with: the returned arguments replace the component's own by name, the returned options
 * are merged into them. A parent cannot be unset.
 */
export type Transform<Args> = (args: Args, name: string) => { readonly args?: Partial<Args>; readonly opts?: CustomResourceOptions };

/** What a child is created with after its transform. */
export function transformed<Args extends object>(
  transform: Transform<Args> | undefined,
  name: string,
  args: Args,
  opts: CustomResourceOptions,
): [string, Args, CustomResourceOptions] {
  if (transform === undefined) return [name, args, opts];
  const change = transform(args, name);
  const parent = change.opts?.parent ?? opts.parent;
  const merged = mergeOptions(opts, change.opts ?? {});
  return [name, { ...args, ...change.args }, parent === undefined ? merged : { ...merged, parent }];
}
