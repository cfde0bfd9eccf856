/** Types of what is made for somebody who knows a part of its arguments. */
import type { ComponentResourceOptions, CustomResourceOptions, Resource } from "@pulumi/pulumi";

/** Class of a resource. */
export type ResourceClass = new (name: string, args: never, opts?: CustomResourceOptions & ComponentResourceOptions) => Resource;

/** What a resource of a class is made with. */
export type ArgsOf<Class extends ResourceClass> = Class extends new (
  name: string,
  args: infer Args,
  opts?: CustomResourceOptions & ComponentResourceOptions,
) => Resource
  ? NonNullable<Args>
  : never;

/** The arguments, of which those that are handed down may be given and need not. */
export type WithHandedDown<Args, Handed extends string> = Omit<Args, Handed> & Partial<Pick<Args, Handed & keyof Args>>;
