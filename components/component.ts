/** What every component does: refuse what it cannot be made from, and place, tag and own what it makes. */
import { ComponentResource, type ComponentResourceOptions, type CustomResourceOptions } from "@pulumi/pulumi";
import { refuseArguments } from "./contract/accepted.ts";
import type { ArgumentProblem } from "./contract/argumentProblem.ts";
import type { RoleLimits, Tagged } from "./regional.ts";
import type { ArgsOf, ResourceClass, WithHandedDown } from "./resourceClass.ts";
import { named } from "./tags.ts";
import { type Transform, transformed } from "./transform.ts";

/** What a child need not be told: the component knows it. */
type Handed = "region" | "tags" | "roles";

/** Where a component stands, what it is tagged with and how it makes roles, as far as its arguments say. */
type Standing = { readonly region?: string | undefined } & Tagged;

/** How a child is made, the user's change of it among that. */
type ChildOptions<Args> = CustomResourceOptions & { readonly transform?: Transform<Args> | undefined };

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
   * and a resource with its own name among the tags. Public for what is made by a function beside the component.
   * @param opts.transform the user's change of what it is made with. @default none
   */
  child<Class extends ResourceClass>(
    type: Class,
    name: string,
    args: WithHandedDown<ArgsOf<Class>, Handed>,
    { transform, ...opts }: ChildOptions<ArgsOf<Class>> = {},
  ): InstanceType<Class> {
    const { region, tags } = this.#handed;
    const handed = type.prototype instanceof Component ? this.#handed : { region, tags: named(name, tags) };
    const [, whole, own] = transformed(transform, name, { ...handed, ...args } as ArgsOf<Class>, { parent: this, ...opts });
    return new type(name, whole as never, own) as InstanceType<Class>;
  }
}
