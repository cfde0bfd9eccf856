/** What does not fit into one dashboard goes on in the next: CloudWatch takes 500 widgets in each. */
import { expect, test } from "vitest";
import { inPages, layOut } from "../../../components/dashboards/layout.ts";
import type { Row, Section, Widget } from "../../../components/dashboards/widget.ts";
import { configOf, rawConfig } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";

const widget: Widget = { kind: "text", markdown: "" };
const row = (widgets: number): Row => ({ height: 1, widgets: Array.from({ length: widgets }, () => widget) });
const section = (heading: string, ...widgets: number[]): Section => ({ heading, rows: widgets.map(row) });
const shape = (pages: Section[][]) =>
  pages.map((page) => page.map(({ heading, rows }) => [heading, ...rows.map(({ widgets }) => widgets.length)]));

test("sections that fit stay together, in their order", () => {
  expect(shape(inPages([section("a", 2, 1), section("b"), section("c", 3)], 9))).toEqual([[["a", 2, 1], ["b"], ["c", 3]]]);
});

test("a section without room goes on in the next dashboard, under its heading", () => {
  expect(shape(inPages([section("a", 2), section("b", 2, 2, 2), section("c", 4)], 6))).toEqual([
    [
      ["a", 2],
      ["b", 2],
    ],
    [["b", 2, 2]],
    [["c", 4]],
  ]);
});

test("no dashboard takes more than CloudWatch does, and no widget is lost", () => {
  const sections = Array.from({ length: 40 }, (_, index) => section(`s${index}`, 4, (index % 4) + 1, 4, 4));
  const pages = inPages(sections);
  expect(pages.length).toBe(2);
  for (const page of pages) expect(layOut(page).length).toBeLessThanOrEqual(500);
  const widgets = (all: readonly Section[]) => all.flatMap(({ rows }) => rows.flatMap((each) => each.widgets)).length;
  expect(widgets(pages.flat())).toBe(widgets(sections));
});

test("as many services as a stack may have, each rolled back by itself, have dashboards that lead to each other", async () => {
  const shipped = rawConfig("bench/production") as Record<"services" | "autoRollback", { api: { route: object } }>;
  const names = Array.from({ length: 33 }, (_, index) => `api${index}`);
  const each = (make: (name: string, index: number) => unknown) =>
    Object.fromEntries(names.map((name, index) => [name, make(name, index)]));
  const { api } = shipped.services;
  const services = each((name, index) => ({ ...api, route: { ...api.route, priority: 100 + index, hosts: [`${name}.coinestate.io`] } }));
  const graph = await declaredGraph(configOf("bench/production", { services, autoRollback: each(() => shipped.autoRollback.api) }));
  const dashboards = graph.filter(({ type }) => type === "aws:cloudwatch/dashboard:Dashboard");
  const bodies = Object.fromEntries(dashboards.map(({ inputs }) => [String(inputs.dashboardName), String(inputs.dashboardBody)]));
  expect(Object.keys(bodies)).toContain("coinestate-prod-use1-service-2");
  for (const [name, body] of Object.entries(bodies)) {
    expect((JSON.parse(body) as { widgets: unknown[] }).widgets.length, name).toBeLessThanOrEqual(500);
    for (const other of Object.keys(bodies)) if (other !== name) expect(body, name).toContain(`#dashboards/dashboard/${other})`);
  }
});
