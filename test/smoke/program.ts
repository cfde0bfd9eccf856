/** The program with a transform and a hook of one's own: calls that only an engine and a language host of today answer together. */
import program from "../../infra/index.ts";

const { ResourceHook, runtime } = await import("@pulumi/pulumi");

const beforeCreate = [new ResourceHook("announce", () => console.log("smoke: about to make the cluster"))];

runtime.registerResourceTransform(({ type, props, opts }) =>
  type === "aws:ecs/cluster:Cluster"
    ? { props: { ...props, tags: { ...props.tags, Smoke: "transformed" } }, opts: { ...opts, hooks: { beforeCreate } } }
    : undefined,
);

export default program;
