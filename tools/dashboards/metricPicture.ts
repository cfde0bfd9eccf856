/** A graph or numbers of a widget: axis, lines of made-up shape, thresholds, legend. */
import { createHash } from "node:crypto";
import { type DrawnLine, type DrawnMetrics, linesOf, metricNames } from "./document.ts";
import { type Box, fitted, near, polyline, rectangle, text, widthOf } from "./shapes.ts";

const points = 36;
const legendHeight = 14;

/** Inside of a widget, without its frame and title. */
export function drawMetrics(widget: DrawnMetrics, box: Box): string {
  const names = text(box.x + 8, box.y + 27, fitted(metricNames(widget).join(", "), box.width - 16, 9), { size: 9, fill: "#879196" });
  if (widget.properties.view === "singleValue") return [names, ...numbers(linesOf(widget), box)].join("\n");
  const lines = linesOf(widget);
  const { drawn, height } = legend(lines, box);
  const area = { x: box.x + 12, y: box.y + 44, width: box.width - 24, height: box.height - 44 - height - 8 };
  return [names, ...axis(widget, area), ...shapes(widget, lines, area), ...thresholds(widget, area), ...drawn].join("\n");
}

/** A number a line, each with its label. */
function numbers(lines: readonly DrawnLine[], box: Box): string[] {
  const share = (box.width - 16) / lines.length;
  return lines.flatMap(({ label, colour }, index) => {
    const x = box.x + 8 + index * share;
    const value = sample(label, 0, 1);
    const shown = /percent/.test(label)
      ? `${near(value * 0.4)}`
      : /seconds/.test(label)
        ? `${near(value) / 10 + 0.1}`.slice(0, 4)
        : `${Math.round(400 + value * 900)}`;
    return [
      text(x, box.y + 58, shown, { size: 24, weight: "bold", fill: colour }),
      text(x, box.y + 76, fitted(label, share - 8, 10.5), { size: 10.5, fill: "#545b64" }),
    ];
  });
}

function axis({ properties }: DrawnMetrics, area: Box): string[] {
  const unit = properties.yAxis?.left.label ?? "";
  const grid = [0, 0.5, 1].map((share) => {
    const y = area.y + area.height * share;
    return `<line x1="${near(area.x)}" y1="${near(y)}" x2="${near(area.x + area.width)}" y2="${near(y)}" stroke="#eaeded"/>`;
  });
  return [...grid, text(area.x, area.y - 4, unit, { size: 9, fill: "#687078" })];
}

function shapes({ properties }: DrawnMetrics, lines: readonly DrawnLine[], area: Box): string[] {
  const marks = properties.annotations?.horizontal ?? [];
  const high = properties.yAxis?.left.max === 1 || /success|left$/.test(`${properties.title}${properties.yAxis?.left.label ?? ""}`);
  const whole = properties.stacked && properties.yAxis?.left.max === 100;
  const room = whole ? 1 : marks.some(({ fill }) => fill === "above") ? 0.55 : 0.8;
  const base = marks.some(({ fill }) => fill === "below") ? 0.15 : 0;
  const x = (index: number) => area.x + (area.width * index) / (points - 1);
  const y = (share: number) => area.y + area.height * (1 - share);
  let floor = Array.from({ length: points }, () => 0);
  return lines.map(({ label, colour }, order) => {
    const seed = `${properties.title} ${label}`;
    const level = high ? 0.93 - order * 0.03 : base + ((room - base) * (order + 1)) / (lines.length + 1);
    const swing = high ? 0.02 : (room - base) / (lines.length + 2) / 2;
    if (!properties.stacked) {
      const line = Array.from({ length: points }, (_, index) => [x(index), y(level + swing * sample(seed, index, 2))] as const);
      return polyline(line, colour);
    }
    const bottom = floor;
    floor = floor.map((from, index) =>
      whole && order === lines.length - 1 ? 1 : from + room / lines.length + (swing / 2) * sample(seed, index, 2),
    );
    const upper = floor.map((share, index) => `${near(x(index))},${near(y(share))}`);
    const lower = bottom.map((share, index) => `${near(x(index))},${near(y(share))}`).reverse();
    return `<polygon points="${[...upper, ...lower].join(" ")}" fill="${colour}" fill-opacity="0.35" stroke="${colour}"/>`;
  });
}

/** Dashed lines in the order of their values, with room for each label. */
function thresholds({ properties }: DrawnMetrics, area: Box): string[] {
  const marks = properties.annotations?.horizontal ?? [];
  const side = (fill: "above" | "below") => [...new Set(marks.filter((mark) => mark.fill === fill))].sort((a, b) => a.value - b.value);
  const [above, below] = [side("above"), side("below")];
  const placed = [
    ...above.map((mark, index) => ({ mark, share: 1 - 0.02 - ((above.length - 1 - index) * 13) / area.height - 11 / area.height })),
    ...below.map((mark, index) => ({ mark, share: 0.04 + (index * 13) / area.height })),
  ];
  return placed.flatMap(({ mark: { label, color }, share }) => {
    const y = area.y + area.height * (1 - share);
    const words = fitted(label, area.width - 8, 9);
    const width = widthOf(words, 9) + 6;
    return [
      `<line x1="${near(area.x)}" y1="${near(y)}" x2="${near(area.x + area.width - width)}" y2="${near(y)}" stroke="${color}" stroke-dasharray="4 3"/>`,
      text(area.x + area.width, y + 3, words, { size: 9, fill: color, anchor: "end" }),
    ];
  });
}

/** Colour and label of each line at the bottom, in at most two rows. */
function legend(lines: readonly DrawnLine[], box: Box): { drawn: string[]; height: number } {
  const size = 10;
  const most = box.width - 16;
  const rows: { label: string; colour: string; x: number; row: number }[] = [];
  let [x, row] = [0, 0];
  for (const [index, { label, colour }] of lines.entries()) {
    const words = fitted(label, most - 14, size);
    const width = 14 + widthOf(words, size) + 10;
    if (x > 0 && x + width > most) [x, row] = [0, row + 1];
    const left = lines.length - index;
    if (row > 1 || (row === 1 && left > 1 && x + width + widthOf(`+${left} more`, size) > most)) {
      rows.push({ label: `+${left} more`, colour: "none", x: row > 1 ? most - 60 : x, row: Math.min(row, 1) });
      break;
    }
    rows.push({ label: words, colour, x, row });
    x += width;
  }
  const height = (Math.max(0, ...rows.map((entry) => entry.row)) + 1) * legendHeight;
  const top = box.y + box.height - height - 4;
  const drawn = rows.flatMap(({ label, colour, x: at, row: line }) => {
    const y = top + line * legendHeight;
    const swatch = colour === "none" ? [] : [rectangle({ x: box.x + 8 + at, y: y + 3, width: 9, height: 7 }, { fill: colour, radius: 1 })];
    return [...swatch, text(box.x + 8 + at + (colour === "none" ? 0 : 13), y + 10, label, { size, fill: "#16191f" })];
  });
  return { drawn, height };
}

/** A number from -0.5 to 0.5 that is the same for the same label and place, and wanders. @param smooth places that share a value */
function sample(label: string, index: number, smooth: number): number {
  const at = (place: number) => (createHash("sha256").update(`${label}:${place}`).digest()[0] ?? 0) / 255 - 0.5;
  const from = Math.floor(index / smooth);
  const part = (index % smooth) / smooth;
  return at(from) * (1 - part) + at(from + 1) * part;
}
