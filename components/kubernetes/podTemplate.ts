/** The pod of a service: pure, so that its safety can be tested without a cluster. */
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import type { Accepted } from "../contract/accepted.ts";
import { volumeName } from "../volumeNames.ts";
import type { service } from "./contract.ts";
import { type Labels, serviceSelector } from "./labels.ts";
import { type ProbeSettings, probesOf } from "./probes.ts";
import { cores, mebibytes } from "./quantities.ts";

type Fields = Accepted<typeof service>;

/** What a pod is made from: the service's own fields, and these. */
interface PodSettings
  extends Pick<Fields, "service" | "port" | "cpu" | "memory" | "scratchSpace" | "architecture" | "user" | "writablePaths" | "command">,
    Pick<Fields, "environment" | "drainSeconds"> {
  /** Labels of the pod. */
  readonly labels: Labels;
  /** Labels that select the pods of the same colour. */
  readonly selector: Labels;
  /** Repository and digest, `…/name@sha256:…`. */
  readonly image: Input<string>;
  /** Names of the variables that come from the Secret. */
  readonly secretVariables: readonly string[];
  /** Secret that holds them, one key a variable. */
  readonly secretName: string;
  readonly probes: ProbeSettings;
}

/**
 * Seconds that a pod goes on serving after it was told to stop: until then some node or gateway may not know that it is
 * leaving, and still sends it requests.
 */
const propagationSeconds = 15;

const architectures = { ARM64: "arm64", X86_64: "amd64" } as const;

/** Template of the pods of one colour. Maps become lists in the order of their keys, so that order in config never shows. */
export function podTemplate(settings: PodSettings): core.v1.PodTemplateSpec {
  const [uid = "1000", gid = uid] = settings.user.split(":");
  const identity = { runAsNonRoot: true, runAsUser: Number(uid), runAsGroup: Number(gid), seccompProfile: { type: "RuntimeDefault" } };
  return {
    metadata: { labels: settings.labels },
    spec: {
      serviceAccountName: settings.service,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: propagationSeconds + settings.drainSeconds,
      nodeSelector: { "kubernetes.io/arch": architectures[settings.architecture] },
      securityContext: { ...identity, fsGroup: Number(gid), fsGroupChangePolicy: "OnRootMismatch" },
      topologySpreadConstraints: spread(settings.selector),
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: serviceSelector(settings.service) } },
            },
          ],
        },
      },
      containers: [container(settings, identity)],
      volumes: [...settings.writablePaths]
        .sort()
        .map((path) => ({ name: volumeName("kubernetes", path), emptyDir: { sizeLimit: mebibytes(settings.scratchSpace) } })),
    },
  };
}

function container(settings: PodSettings, identity: core.v1.SecurityContext): core.v1.Container {
  const sorted = Object.entries(settings.environment).sort(([a], [b]) => (a < b ? -1 : 1));
  // Requests equal limits: the pod gets what it is sized for, as on Fargate, and is the last to be evicted.
  const size = {
    cpu: cores(settings.cpu),
    memory: mebibytes(settings.memory),
    "ephemeral-storage": mebibytes(settings.scratchSpace),
  };
  return {
    name: "app",
    image: settings.image,
    // A digest names one image for ever: a node that has it needs no registry to restart a container.
    imagePullPolicy: "IfNotPresent",
    ...(settings.command === undefined ? {} : { command: [...settings.command] }),
    ports: [{ name: "http", containerPort: settings.port, protocol: "TCP" }],
    env: [
      ...sorted.map(([name, value]) => ({ name, value })),
      ...[...settings.secretVariables]
        .sort()
        .map((name) => ({ name, valueFrom: { secretKeyRef: { name: settings.secretName, key: name, optional: false } } })),
    ],
    resources: { requests: size, limits: size },
    securityContext: {
      ...identity,
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [...settings.writablePaths].sort().map((path) => ({ name: volumeName("kubernetes", path), mountPath: path })),
    lifecycle: { preStop: { sleep: { seconds: propagationSeconds } } },
    ...probesOf(settings.probes),
  };
}

/**
 * Zones in balance, and nodes where possible. Tainted nodes do not count: in the outage of a zone its nodes are tainted,
 * and pods may then crowd into the others. Counting by revision keeps a rolling update from being measured against the
 * pods that it replaces.
 */
function spread(selector: Labels): core.v1.TopologySpreadConstraint[] {
  const constraint = (topologyKey: string, whenUnsatisfiable: string): core.v1.TopologySpreadConstraint => ({
    topologyKey,
    whenUnsatisfiable,
    maxSkew: 1,
    nodeTaintsPolicy: "Honor",
    matchLabelKeys: ["pod-template-hash"],
    labelSelector: { matchLabels: selector },
  });
  return [constraint("topology.kubernetes.io/zone", "DoNotSchedule"), constraint("kubernetes.io/hostname", "ScheduleAnyway")];
}
