/** A dashboard's document as CloudWatch keeps it, read with care: only what a picture needs. */
import { z } from "zod";

const options = z.looseObject({
  id: z.string().optional(),
  label: z.string().optional(),
  color: z.string().optional(),
  visible: z.boolean().optional(),
  expression: z.string().optional(),
});

const annotation = z.looseObject({ label: z.string(), value: z.number(), color: z.string(), fill: z.enum(["above", "below"]) });

const place = { x: z.int(), y: z.int(), width: z.int(), height: z.int() };

const metric = z.object({
  ...place,
  type: z.literal("metric"),
  properties: z.looseObject({
    title: z.string(),
    view: z.enum(["timeSeries", "singleValue"]),
    stacked: z.boolean(),
    metrics: z.array(z.array(z.union([z.string(), options]))),
    yAxis: z.looseObject({ left: z.looseObject({ label: z.string(), max: z.number().optional() }) }).optional(),
    annotations: z.looseObject({ horizontal: z.array(annotation) }).optional(),
  }),
});

const widget = z.discriminatedUnion("type", [
  metric,
  z.object({ ...place, type: z.literal("text"), properties: z.looseObject({ markdown: z.string() }) }),
  z.object({ ...place, type: z.literal("log"), properties: z.looseObject({ title: z.string(), query: z.string() }) }),
  z.object({ ...place, type: z.literal("alarm"), properties: z.looseObject({ title: z.string(), alarms: z.array(z.string()) }) }),
]);

const document = z.looseObject({ widgets: z.array(widget) });

export type DashboardDocument = z.output<typeof document>;
export type DrawnWidget = z.output<typeof widget>;
export type DrawnMetrics = z.output<typeof metric>;

/** One line as it is drawn. */
export interface DrawnLine {
  readonly label: string;
  readonly colour: string;
}

/** CloudWatch's own colours, for lines that have none. */
const colours = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"];

/** Reads a document. @throws ZodError when it is not one that Slipway writes */
export function documentOf(body: string): DashboardDocument {
  return document.parse(JSON.parse(body));
}

/** Lines that are seen, in order. */
export function linesOf({ properties }: DrawnMetrics): DrawnLine[] {
  const seen = properties.metrics.flatMap((parts) => {
    const last = parts.at(-1);
    return typeof last === "object" && last.visible !== false ? [last] : [];
  });
  return seen.map(({ label, id, color }, index) => ({
    label: label ?? id ?? "",
    colour: color ?? colours[index % colours.length] ?? "#7f7f7f",
  }));
}

/** Names of the metrics, each once. */
export function metricNames({ properties }: DrawnMetrics): string[] {
  return [
    ...new Set(
      properties.metrics.flatMap(([namespace, name]) => (typeof namespace === "string" && typeof name === "string" ? [name] : [])),
    ),
  ];
}
