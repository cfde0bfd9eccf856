/** Shapes and text of SVG, with text that fits into its place. */

/** A rectangle on the picture, pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Text as XML takes it. */
export function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** How wide a text is at most, pixels: capitals, wide letters and narrow ones told apart, in the widest of the fonts that may stand in. */
export function widthOf(words: string, size: number, weight?: "bold"): number {
  const units = [...words].reduce(
    (sum, sign) => sum + (/[A-Z%@mwMW_]/.test(sign) ? 0.82 : /[ijlftI.,:;'|()[\]/ -]/.test(sign) ? 0.38 : 0.62),
    0,
  );
  return units * size * (weight === undefined ? 1 : 1.12);
}

/** The text, cut with an ellipsis where it would be wider. */
export function fitted(words: string, width: number, size: number, weight?: "bold"): string {
  if (widthOf(words, size, weight) <= width) return words;
  let kept = words;
  while (kept !== "" && widthOf(`${kept}…`, size, weight) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/** A filled rectangle. */
export function rectangle(
  { x, y, width, height }: Box,
  { fill, stroke, radius }: { readonly fill: string; readonly stroke?: string; readonly radius?: number },
): string {
  const edge = stroke === undefined ? "" : ` stroke="${stroke}"`;
  const round = radius === undefined ? "" : ` rx="${radius}"`;
  return `<rect x="${near(x)}" y="${near(y)}" width="${near(width)}" height="${near(height)}"${round} fill="${fill}"${edge}/>`;
}

/** One line of text. */
export function text(
  x: number,
  y: number,
  words: string,
  {
    size,
    fill,
    weight,
    anchor,
  }: { readonly size: number; readonly fill: string; readonly weight?: "bold"; readonly anchor?: "end" | "middle" },
): string {
  const bold = weight === undefined ? "" : ` font-weight="${weight}"`;
  const side = anchor === undefined ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${near(x)}" y="${near(y)}" font-size="${size}"${bold}${side} fill="${fill}">${escaped(words)}</text>`;
}

/** A line through points. */
export function polyline(points: readonly (readonly [number, number])[], stroke: string, more = ""): string {
  const path = points.map(([x, y]) => `${near(x)},${near(y)}`).join(" ");
  return `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="1.5"${more}/>`;
}

/** A number with at most one decimal, so that pictures differ only where something changed. */
export function near(value: number): number {
  return Math.round(value * 10) / 10;
}
