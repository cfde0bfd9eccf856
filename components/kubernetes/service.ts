/** One service in two colours on Kubernetes, behind a Gateway API route. */
import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service as ServiceResource } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { type ComponentResourceOptions, interpolate, type Output, type Resource } from "@pulumi/pulumi";
import { type Colour, colours, type Weights, weightsOf } from "../colours.ts";
import { Component, transformed } from "../component.ts";
import { accepted } from "../contract/accepted.ts";
import { candidateValue } from "../loadBalancer/candidateSecret.ts";
import type { RunningColour } from "../runningColour.ts";
import { routeWeights, runningIn, selectorWeights } from "./applied.ts";
import { candidateRouteEnd, service } from "./contract.ts";
import { colourLabels, colourName, colourSelector, type Labels, serviceLabels } from "./labels.ts";
import { podTemplate } from "./podTemplate.ts";
import { candidateRules, routeRules, type Traffic } from "./routeRules.ts";
import { externalSecretSpec } from "./secrets.ts";
import type { AcceptedService, ServiceArgs } from "./serviceArgs.ts";
import { trafficPolicy } from "./trafficPolicy.ts";
import { Workload } from "./workload.ts";

/** The rollout looks at live endpoints itself; the provider's wait would add ten seconds, and says nothing of an empty colour. */
const noWait = { "pulumi.com/skipAwait": "true" };

/**
 * A service whose blue and green run side by side, each its own Deployment, autoscaler, disruption budget and Service,
 * behind one HTTPRoute. A canary step updates the weights of that route and nothing else; with `switchBy: "selector"` the
 * switch updates the selector of the service `<name>-service` and nothing else. Swapping `live` at 100 changes nothing.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Service extends Component {
  /** The real resources. */
  readonly nodes: {
    /** Of the colours that have an image. */
    readonly deployments: Readonly<Partial<Record<Colour, Deployment>>>;
    readonly services: Readonly<Record<Colour, ServiceResource>>;
    /** The HTTPRoute of everybody, and that of the candidate header where there is a secret for it. */
    readonly route: CustomResource;
    readonly candidateRoute: CustomResource | undefined;
  };
  /** Namespace and name of the object whose update moves traffic. */
  readonly trafficObject: Output<string>;
  /** Weights that the route or the selector is to have. */
  readonly weights: Weights;
  /** Weights that it has, known once it is there. */
  readonly applied: Output<Weights>;
  /** What runs in each colour, known once it is ready. */
  readonly running: Readonly<Record<Colour, Output<RunningColour>>>;

  constructor(name: string, args: ServiceArgs, opts?: ComponentResourceOptions) {
    const given = { ...args, ...accepted(name, service, args) };
    super("slipway:kubernetes:Service", name, {}, opts);
    this.weights = weightsOf(given.release.live, given.release.candidateWeight);
    const before = this.#foundations(name, given);
    const workloads = this.#workloads(name, before, given);
    const ofColour = (colour: Colour) =>
      this.#service(
        `${name}-${colour}`,
        colourName(args.service, colour),
        colourLabels(args, colour),
        colourSelector(args.service, colour),
        args,
      );
    const services = { blue: ofColour("blue"), green: ofColour("green") };
    // Traffic waits for the colours that get some, and never for an idle one: a rollback must not wait for the release it
    // flees from, nor fail with it, nor with what both colours need.
    const serving = given.movesAtOnce ? [] : colours.flatMap((colour) => (this.weights[colour] > 0 ? (workloads[colour] ?? []) : []));
    const traffic = this.#traffic(name, serving, given);
    const route = this.#route(name, { ...services, traffic: traffic.traffic }, serving, given);
    this.nodes = { deployments: workloads, services, route, candidateRoute: this.#candidateRoute(name, services, given) };
    this.applied = traffic.stable === undefined ? routeWeights(route) : selectorWeights(traffic.stable);
    this.running = { blue: runningIn(workloads.blue), green: runningIn(workloads.green) };
    this.trafficObject = interpolate`${args.namespace}/${(traffic.stable ?? route).metadata.name}`;
    this.registerOutputs({ trafficObject: this.trafficObject });
  }

  /** What pods need before they start: an identity without rights, a closed network with named openings, secrets. */
  #foundations(name: string, args: AcceptedService): Resource[] {
    const metadata = { name: args.service, namespace: args.namespace, labels: serviceLabels(args) };
    const account = new ServiceAccount(name, { metadata, automountServiceAccountToken: false }, { parent: this });
    const network = new NetworkPolicy(
      name,
      {
        metadata,
        spec: trafficPolicy({
          service: args.service,
          port: args.port,
          gatewayNamespace: args.gateway.podNamespace ?? args.gateway.namespace,
          egress: args.egress,
        }),
      },
      { parent: this },
    );
    const { secrets = {}, secretStores } = args;
    if (Object.keys(secrets).length === 0) return [account, network];
    const external = new CustomResource(
      name,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { ...metadata, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec: externalSecretSpec(args.service, secrets, secretStores),
      },
      { parent: this },
    );
    return [account, network, external];
  }

  #workloads(name: string, after: readonly Resource[], args: AcceptedService): Partial<Record<Colour, Deployment>> {
    const host = args.route.hosts.find((candidate) => !candidate.startsWith("*"));
    const running = colours.flatMap((colour) => {
      const { image, capacity, minimumTasks } = args.release[colour];
      if (image === undefined) return [];
      const labels = colourLabels(args, colour);
      const selector = colourSelector(args.service, colour);
      const template = podTemplate({
        ...args,
        labels,
        selector,
        image: interpolate`${args.repositoryUrl}@${image}`,
        secretVariables: Object.keys(args.secrets ?? {}),
        secretName: args.service,
        probes: { ...args.healthCheck, port: args.port, livenessCommand: args.livenessCommand, host },
      });
      const workload = this.child(Workload, `${name}-${colour}`, {
        workload: colourName(args.service, colour),
        namespace: args.namespace,
        labels,
        selector,
        template,
        capacity,
        scaling: { ...args.scaling, minimum: minimumTasks ?? args.scaling.minimum },
        after,
        transform: { deployment: args.transform?.deployment, autoscaler: args.transform?.autoscaler },
      });
      return [[colour, workload.deployment] as const];
    });
    return Object.fromEntries(running);
  }

  #service(name: string, serviceName: string, labels: Labels, selector: Labels, args: ServiceArgs, after: readonly Resource[] = []) {
    return new ServiceResource(
      name,
      {
        metadata: { name: serviceName, namespace: args.namespace, labels, annotations: noWait },
        spec: { type: "ClusterIP", selector, ports: [{ name: "http", protocol: "TCP", port: args.port, targetPort: args.port }] },
      },
      { parent: this, dependsOn: [...after] },
    );
  }

  /** One Service for both colours exists only where its selector is the switch: in a canary it would reach the candidate. */
  #traffic(
    name: string,
    serving: readonly Resource[],
    args: AcceptedService,
  ): { readonly traffic: Traffic; readonly stable?: ServiceResource } {
    if (args.switchBy !== "selector") return { traffic: { by: "weights", weights: this.weights } };
    const colour = this.weights.blue === 100 ? "blue" : "green";
    const serviceName = `${args.service}-service`;
    const stable = this.#service(name, serviceName, serviceLabels(args), colourSelector(args.service, colour), args, serving);
    return { traffic: { by: "selector", serviceName }, stable };
  }

  #route(
    name: string,
    { traffic, ...services }: Readonly<Record<Colour, ServiceResource>> & { readonly traffic: Traffic },
    serving: readonly Resource[],
    args: AcceptedService,
  ): CustomResource {
    const wanted = routeOf(args, args.service, routeRules(routeSettings(args, services), traffic));
    return new CustomResource(...transformed(args.transform?.route, name, wanted, { parent: this, dependsOn: [...serving] }));
  }

  /** A route of its own: a provider keeps a list that holds a secret encrypted as a whole, and weights are to be read. */
  #candidateRoute(name: string, services: Readonly<Record<Colour, ServiceResource>>, args: AcceptedService): CustomResource | undefined {
    const { candidateSecret: key, candidateHeader } = args;
    if (key === undefined) return undefined;
    const values = { blue: candidateValue("blue", key), green: candidateValue("green", key) };
    const rules = candidateRules(routeSettings(args, services), candidateHeader, values);
    const wanted = routeOf(args, `${args.service}${candidateRouteEnd}`, rules);
    return new CustomResource(...transformed(args.transform?.candidateRoute, `${name}-candidate`, wanted, { parent: this }));
  }
}

function routeSettings({ route: { paths }, port }: AcceptedService, { blue, green }: Readonly<Record<Colour, ServiceResource>>) {
  return { paths, port, services: { blue: blue.metadata.name, green: green.metadata.name } };
}

function routeOf(args: AcceptedService, routeName: string, rules: readonly object[]): CustomResourceArgs {
  const { gateway } = args;
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: routeName, namespace: args.namespace, labels: serviceLabels(args) },
    spec: {
      parentRefs: [
        {
          group: "gateway.networking.k8s.io",
          kind: "Gateway",
          name: gateway.name,
          namespace: gateway.namespace,
          ...(gateway.listener === undefined ? {} : { sectionName: gateway.listener }),
        },
      ],
      hostnames: args.route.hosts.toSorted(),
      rules,
    },
  };
}
