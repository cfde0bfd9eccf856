/** A dashboard's layout as SVG: each widget in its place with its title, its metrics, its lines and thresholds. The lines' shapes are made up. */
import type { DashboardDocument, DrawnWidget } from "./document.ts";
import { drawMetrics } from "./metricPicture.ts";
import { type Box, escaped, fitted, rectangle, text } from "./shapes.ts";

/** Pixels of one grid unit. */
const unit = { width: 42, height: 32 };
const gap = 3;
const margin = 8;

/** The whole picture. */
export function dashboardPicture(title: string, { widgets }: DashboardDocument): string {
  const width = 24 * unit.width + 2 * margin;
  const height = Math.max(...widgets.map(({ y, height: rows }) => y + rows)) * unit.height + 2 * margin;
  const drawn = widgets.map((widget) => draw(widget, boxOf(widget)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    rectangle({ x: 0, y: 0, width, height }, { fill: "#f2f3f3" }),
    ...drawn,
    "</svg>",
    "",
  ].join("\n");
}

function boxOf({ x, y, width, height }: DrawnWidget): Box {
  return {
    x: margin + x * unit.width + gap,
    y: margin + y * unit.height + gap,
    width: width * unit.width - 2 * gap,
    height: height * unit.height - 2 * gap,
  };
}

function draw(widget: DrawnWidget, box: Box): string {
  switch (widget.type) {
    case "text":
      return drawText(widget.properties.markdown, box);
    case "alarm":
      return [frame(box, widget.properties.title), ...alarmSquares(widget.properties.alarms.length, box)].join("\n");
    case "log":
      return [frame(box, widget.properties.title), ...logLines(widget.properties.query, box)].join("\n");
    case "metric":
      return [frame(box, widget.properties.title), drawMetrics(widget, box)].join("\n");
  }
}

function frame(box: Box, title: string): string {
  return [
    rectangle(box, { fill: "#ffffff", stroke: "#d5dbdb", radius: 3 }),
    text(box.x + 8, box.y + 15, fitted(title, box.width - 16, 12, "bold"), { size: 12, weight: "bold", fill: "#16191f" }),
  ].join("\n");
}

/** Heading and, below it, one line in which links are blue. */
function drawText(markdown: string, { x, y, width }: Box): string {
  const [heading = "", note = ""] = markdown.split("\n");
  const parts = [...note.matchAll(/\[([^\]]+)\]\([^)]*\)|[^[]+/g)].map(([whole, link]) =>
    link === undefined ? escaped(whole) : `<tspan fill="#0073bb">${escaped(link)}</tspan>`,
  );
  const title = text(x + 2, y + 19, fitted(heading.replace(/^#+ /, ""), width - 4, 15, "bold"), {
    size: 15,
    weight: "bold",
    fill: "#16191f",
  });
  if (note === "") return title;
  return `${title}\n<text x="${x + 2}" y="${y + 41}" font-size="11.5" fill="#545b64">${parts.join("")}</text>`;
}

/** A green square an alarm: all is well. */
function alarmSquares(count: number, box: Box): string[] {
  const side = 11;
  const across = Math.max(1, Math.floor((box.width - 16) / (side + 4)));
  const rows = Math.max(1, Math.floor((box.height - 44) / (side + 4)));
  const shown = Math.min(count, across * rows);
  const squares = Array.from({ length: shown }, (_, index) =>
    rectangle(
      {
        x: box.x + 8 + (index % across) * (side + 4),
        y: box.y + 26 + Math.floor(index / across) * (side + 4),
        width: side,
        height: side,
      },
      { fill: "#1d8102", radius: 2 },
    ),
  );
  return [...squares, text(box.x + 8, box.y + box.height - 8, `${count} alarms, all well`, { size: 10, fill: "#545b64" })];
}

/** The query, and grey bars where the lines of the log are. */
function logLines(query: string, box: Box): string[] {
  const said = query.split(" | ").filter((part) => !part.startsWith("SOURCE"));
  const bars = Array.from({ length: Math.max(0, Math.floor((box.height - 52) / 15)) }, (_, index) => {
    const y = box.y + 44 + index * 15;
    return [
      rectangle({ x: box.x + 8, y, width: 88, height: 6 }, { fill: "#eaeded", radius: 2 }),
      rectangle(
        { x: box.x + 104, y, width: (box.width - 116) * (0.55 + 0.09 * ((index * 7) % 5)), height: 6 },
        { fill: "#eaeded", radius: 2 },
      ),
    ].join("\n");
  });
  return [text(box.x + 8, box.y + 30, fitted(said.join(" | "), box.width - 16, 9.5), { size: 9.5, fill: "#687078" }), ...bars];
}
