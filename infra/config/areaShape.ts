/** The shapes of the config's areas, each made when it is first asked for. */

import { type Shape, shapeAt, shapeOf } from "../../components/contract/shape.ts";
import { type AreaName, areas } from "../../components/environment/contract.ts";
import type { ConfigPath } from "./problem.ts";

const shapes = new Map<AreaName, Shape>();

/** JSON Schema of one area, as written in a stack file. */
export function shapeOfArea(area: AreaName): Shape {
  let shape = shapes.get(area);
  if (shape === undefined) {
    shape = shapeOf(areas[area]);
    shapes.set(area, shape);
  }
  return shape;
}

/** The shape at a path; unions are followed by the value that is there. */
export function shapeAtPath([area, ...rest]: ConfigPath, raw: unknown): Shape | undefined {
  return typeof area === "string" && Object.hasOwn(areas, area) ? shapeAt(shapeOfArea(area as AreaName), rest, raw) : undefined;
}
