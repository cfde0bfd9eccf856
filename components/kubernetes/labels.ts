/** Labels of a service's objects: what belongs together, and which pods are one colour's. */
import type { Colour } from "../colours.ts";

export type Labels = Readonly<Record<string, string>>;

/** What labels say about a service. */
export interface LabelSettings {
  /** Name of the service in its namespace, for example `web`. */
  readonly service: string;
  /** System that the service is part of, for example `coinestate`. */
  readonly system: string;
  /** Short name of the environment. */
  readonly environmentName: string;
}

/** Name of what runs one colour of a service, and of the Service before it. */
export function colourName(service: string, colour: Colour): string {
  return `${service}-${colour}`;
}

/** Labels that select every pod of a service, whatever its colour. */
export function serviceSelector(service: string): Labels {
  return { "app.kubernetes.io/name": service };
}

/**
 * Labels that select one colour's pods. A Deployment's selector can never change, and a shared one would let each colour
 * take the other's pods: so the colour is part of it from the first day.
 */
export function colourSelector(service: string, colour: Colour): Labels {
  return { ...serviceSelector(service), version: colour };
}

/** Labels of an object that belongs to a whole service. */
export function serviceLabels({ service, system, environmentName }: LabelSettings): Labels {
  return {
    ...serviceSelector(service),
    "app.kubernetes.io/part-of": system,
    "app.kubernetes.io/managed-by": "slipway",
    environment: environmentName,
  };
}

/** Labels of an object that belongs to one colour. */
export function colourLabels(settings: LabelSettings, colour: Colour): Labels {
  return { ...serviceLabels(settings), version: colour };
}
