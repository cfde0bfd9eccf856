/** Where each widget stands on CloudWatch's grid: pure, from sections to rectangles that do not overlap. */
import type { Row, Section, Widget } from "./widget.ts";

/** A widget with its place; x and y count grid units from the top left. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly widget: Widget;
}

/** Units that a dashboard is wide. */
export const gridWidth = 24;

/** Widgets that CloudWatch takes in one dashboard. */
export const widgetLimit = 500;

/** Sections one under the other, each a heading as wide as the dashboard and its rows. */
export function layOut(sections: readonly Section[]): Placed[] {
  const placed: Placed[] = [];
  let y = 0;
  for (const { heading, note, rows } of sections) {
    const markdown = note === undefined ? `## ${heading}` : `## ${heading}\n${note}`;
    const height = note === undefined ? 1 : 2;
    placed.push({ x: 0, y, width: gridWidth, height, widget: { kind: "text", markdown } });
    y += height;
    for (const row of rows) {
      placed.push(...placeRow(row, y));
      if (row.widgets.length > 0) y += row.height;
    }
  }
  return placed;
}

/**
 * Sections shared out, in their order, to as many dashboards as they need. A section that finds no room for its next row goes on in
 * the next dashboard, under its heading. Pure.
 * @param most widgets of one dashboard, headings included
 */
export function inPages(sections: readonly Section[], most = widgetLimit): Section[][] {
  const pages: Section[][] = [];
  let room = 0;
  const open = (section: Section, widgets: number) => {
    if (room < 1 + widgets) {
      pages.push([]);
      room = most;
    }
    pages.at(-1)?.push(section);
    room -= 1;
  };
  for (const section of sections) {
    let rows: Row[] = [];
    if (section.rows.length === 0) open(section, 0);
    for (const [index, row] of section.rows.entries()) {
      if (index === 0 || room < row.widgets.length) {
        rows = [];
        open({ ...section, rows }, row.widgets.length);
      }
      rows.push(row);
      room -= row.widgets.length;
    }
  }
  return pages;
}

/** Widgets in rows of at most so many, as even as can be. */
export function inRows(widgets: readonly Widget[], most: number, height = 6): Row[] {
  const rows = Math.ceil(widgets.length / most);
  const each = Math.ceil(widgets.length / rows);
  return Array.from({ length: rows }, (_, row) => ({ height, widgets: widgets.slice(row * each, (row + 1) * each) }));
}

function placeRow({ height, widgets }: Row, y: number): Placed[] {
  const share = Math.floor(gridWidth / widgets.length);
  return widgets.map((widget, index) => {
    const x = index * share;
    return { x, y, width: index === widgets.length - 1 ? gridWidth - x : share, height, widget };
  });
}
