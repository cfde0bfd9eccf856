/** Images that a stack's tasks are made of, by its config alone. */
import { colours } from "../../components/colours.ts";
import type { StackConfig } from "./stack.ts";

/** An image by the repository that has to hold it. */
export interface ConfiguredImage {
  readonly service: string;
  readonly repository: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
}

/** The registry that a stack's tasks pull from in its own region. Pure. */
export function registryOf({ aws, registry: { from } }: Pick<StackConfig, "aws" | "registry">): {
  readonly account: string;
  readonly region: string;
} {
  return { account: from?.accountId ?? aws.accountId, region: from?.region ?? aws.region };
}

/** What ECS pulls from the stack's repositories: one for each colour of a service that has an image. Pure. */
export function configuredImages({ services }: Pick<StackConfig, "services">): ConfiguredImage[] {
  return Object.entries(services).flatMap(([name, service]) =>
    service.compute !== "ecs"
      ? []
      : colours.flatMap((colour) => {
          const digest = service.release[colour].image;
          return digest === undefined ? [] : [{ service: name, repository: service.repository, digest }];
        }),
  );
}
