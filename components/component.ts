/** What every component is told, and what it does: refuse what it cannot be made from, and place, tag and own what it makes. */
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Input,
  mergeOptions,
  Resource,
} from "@pulumi/pulumi";
import { refuseArguments } from "./contract/accepted.ts";
import type { ArgumentProblem } from "./contract/argumentProblem.ts";
import { registeredName } from "./physicalName.ts";
import type { ArgsOf, ResourceClass, WithHandedDown } from "./resourceClass.ts";
import { named, type Tags } from "./tags.ts";

/** Within which limits roles are made. Both or none: who may make roles may make these only, and change none besides. */
export interface RoleLimits {
  /** ARN of the policy that says the most that a role can do. */
  readonly permissionsBoundary: Input<string>;
  /** Path of the roles, with a slash at both ends. */
  readonly path: string;
}

/** Something that makes resources which carry tags, and perhaps roles. */
export interface Tagged {
  /** Tags of everything that the component makes. @default no tags */
  readonly tags?: Tags | undefined;
  /** Limits of the roles that the component makes. @default none */
  readonly roles?: RoleLimits | undefined;
}

/** Something that stands in one AWS region. */
export interface Regional extends Tagged {
  /** AWS region. */
  readonly region: string;
}

/** Something that belongs to one AWS account. */
export interface InAccount {
  /** Account, 12 digits. */
  readonly accountId: string;
}

/**
 * Escape hatch of every component: a pure function per child that changes what it is created with, before it is. The returned
 * arguments replace the component's own by name, the returned options are merged into them. A parent cannot be unset.
 */
export type Transform<Args> = (args: Args, name: string) => { readonly args?: Partial<Args>; readonly opts?: CustomResourceOptions };

/** A component whose user may change its children. @template Children the arguments of each, by the name of the child */
export interface Transformable<Children> {
  /** Changes to single children. @default none */
  readonly transform?: { readonly [Child in keyof Children]?: Transform<Children[Child]> | undefined } | undefined;
}

/** What a child need not be told: the component knows it. */
type Handed = "region" | "tags" | "roles";

/** Where a component stands, what it is tagged with and how it makes roles, as far as its arguments say. */
type Standing = { readonly region?: string | undefined } & Tagged;

/** How a child is made, the user's change of it among that. */
type ChildOptions<Args> = Omit<CustomResourceOptions, "protect"> & {
  readonly protect?: boolean | undefined;
  readonly transform?: Transform<Args> | undefined;
};

/** A component resource of Slipway. Its children are keyed by meaning and stand where it stands. */
export abstract class Component extends ComponentResource {
  readonly #handed: Standing;

  /**
   * @param args region, tags and limits of roles, which the children get; nothing of the arguments goes into the state
   * @param problems what is wrong with the arguments. @default nothing
   * @throws InputPropertiesError naming every problem, before any child is registered
   */
  constructor(
    type: string,
    name: string,
    { region, tags, roles }: Standing,
    opts?: ComponentResourceOptions,
    problems: readonly ArgumentProblem[] = [],
  ) {
    super(type, name, {}, opts);
    refuseArguments(name, problems);
    this.#handed = { region, tags, roles };
  }

  /** Within which limits the component's roles are made. */
  get roleLimits(): RoleLimits | undefined {
    return this.#handed.roles;
  }

  /**
   * Makes a resource or a component that belongs to this one: in its region and with its tags, unless the arguments say otherwise,
   * and a resource with its own name among the tags. Where AWS takes no name of that length the resource has a shorter one, and the
   * whole stands in the tag. Public for what is made by a function beside the component.
   * @param opts.transform the user's change of what it is made with. @default none
   */
  child<Class extends ResourceClass>(
    type: Class,
    name: string,
    args: WithHandedDown<ArgsOf<Class>, Handed>,
    { transform, protect = false, ...opts }: ChildOptions<ArgsOf<Class>> = {},
  ): InstanceType<Class> {
    const { region, tags } = this.#handed;
    const handed = type.prototype instanceof Component ? this.#handed : { region, tags: named(name, tags) };
    const [, whole, own] = transformed(transform, name, { ...handed, ...args } as ArgsOf<Class>, { parent: this, protect, ...opts });
    return new type(registeredName(tokenOf(type), name, whole), whole as never, own) as InstanceType<Class>;
  }
}

/** What has to be there before something is used: all of a component that is given as it is, nothing of plain values. */
export function allOf(argument: object): Resource[] {
  return Resource.isInstance(argument) ? [argument] : [];
}

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

/** Type of a class of the SDK, as the engine knows it; nothing for a component's. */
function tokenOf(type: ResourceClass & { readonly __pulumiType?: string }): string {
  return type.__pulumiType ?? "";
}
