/** Stack files of any size, made from the bench's stack file by repeating its services. */
import { parse, stringify } from "yaml";

interface StackFile {
  readonly config: Readonly<Record<string, unknown>> & { readonly "slipway:services": Readonly<Record<string, Service>> };
}

interface Service {
  readonly route: Readonly<Record<string, unknown>>;
  readonly release: Readonly<Record<string, unknown>>;
}

/**
 * The same stack with another number of services. The services of the model are repeated in turn under names, listener
 * priorities and host names of their own, without automatic rollback, which names the model's; everything else stays.
 * @param model text of a stack file whose certificate covers `*.<zone>`
 * @param candidateWeight share of traffic for the first service's candidate, percent
 */
export function withServices(model: string, count: number, candidateWeight: number): string {
  const file = parse(model) as StackFile;
  const models = Object.entries(file.config["slipway:services"]);
  const { zone } = file.config["slipway:dns"] as { readonly zone: string };
  const services = Array.from({ length: count }, (_, index) => {
    const [name, service] = models[index % models.length]!;
    return [
      `${name}${index + 1}`,
      {
        ...service,
        route: { ...service.route, priority: 100 + index, hosts: [`${name}${index + 1}.${zone}`] },
        release: index === 0 ? { ...service.release, candidateWeight } : service.release,
      },
    ] as const;
  });
  const { "slipway:autoRollback": _, ...config } = file.config;
  return stringify({ ...file, config: { ...config, "slipway:services": Object.fromEntries(services) } });
}
