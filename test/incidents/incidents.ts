/** All incidents. */
import { dataIncidents } from "./data.ts";
import { edgeIncidents } from "./edge.ts";
import type { Incident } from "./incident.ts";
import { postMortems } from "./postMortems.ts";
import { trafficIncidents } from "./traffic.ts";

export const incidents: readonly Incident[] = [...trafficIncidents, ...dataIncidents, ...edgeIncidents, ...postMortems];
