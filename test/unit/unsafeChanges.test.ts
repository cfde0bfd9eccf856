/** What an update may not do to a running release, and the record by which it knows. */
import { output } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { weightsOf } from "../../components/colours.ts";
import { formatConfigPath, type Problem } from "../../infra/config/problem.ts";
import { declare } from "../../infra/program.ts";
import type { DeployedRelease } from "../../infra/release/deployedRelease.ts";
import { passedHosts } from "../../infra/release/handedOver.ts";
import { settingsFingerprint } from "../../infra/release/settingsFingerprint.ts";
import { unsafeChanges } from "../../infra/release/unsafeChanges.ts";
import { configOf, type Edits, rawConfig } from "../harness/config.ts";
import { graphOf } from "../harness/graph.ts";

const now = new Date("2026-11-21T12:00:00Z");
const newDigest = `sha256:${"a".repeat(64)}`;
const candidateWeight = "services.api.release.candidateWeight";
const greenImage = "services.api.release.green.image";

/** The record of a complete update with this config. */
function deployed(edits: Edits = {}, servedUntil = { blue: "", green: "" }): DeployedRelease {
  return Object.fromEntries(
    Object.entries(configOf("bench/production", edits).services).map(([name, service]) => {
      const { release } = service;
      const of = <T>(pick: (colour: "blue" | "green") => T) => ({ blue: pick("blue"), green: pick("green") });
      const runs = (colour: "blue" | "green") => release[colour].image !== undefined;
      return [
        name,
        {
          weights: weightsOf(release.live, release.candidateWeight),
          images: of((colour) => release[colour].image ?? ""),
          capacity: of((colour) => (runs(colour) ? release[colour].capacity : "zero")),
          settings: of((colour) => (runs(colour) ? settingsFingerprint(service) : "")),
          port: service.port,
          priority: service.route.priority,
          servedUntil,
          rollbackTo: release.live,
        },
      ];
    }),
  );
}

const refused = (edits: Edits, before: DeployedRelease): Problem[] => unsafeChanges(configOf("bench/production", edits), before, now);
const pathsOf = (problems: readonly Problem[]) => problems.map(({ path }) => formatConfigPath(path));

describe("the record", () => {
  test("is read off what was applied, and equals the config when everything was", async () => {
    let record: unknown;
    await graphOf(() => {
      output(declare(configOf("bench/production"), {}, now).release).apply((release) => {
        record = release;
      });
    });
    expect(record).toEqual(deployed());
  });

  test("tells when a colour lost its traffic, and keeps it", async () => {
    const recordAfter = async (edits: Edits, before: DeployedRelease) => {
      let record: DeployedRelease = {};
      await graphOf(() => {
        output(declare(configOf("bench/production", edits), before, now).release).apply((release) => {
          record = release as DeployedRelease;
        });
      });
      return record.api!.servedUntil;
    };
    expect(await recordAfter({}, deployed({ [candidateWeight]: 25 }))).toEqual({ blue: "", green: now.toISOString() });
    const earlier = "2026-11-21T11:00:00.000Z";
    expect(await recordAfter({}, deployed({}, { blue: "", green: earlier }))).toEqual({ blue: "", green: earlier });
  });
});

describe("refused", () => {
  test("the serving colour's image", () => {
    const [problem, ...others] = refused({ "services.api.release.blue.image": newDigest }, deployed());
    expect(others).toEqual([]);
    expect(formatConfigPath(problem!.path)).toBe("services.api.release.blue.image");
    expect(problem!.reason).toContain("blue is live and serves 100 % of the traffic");
    expect(problem!.fix).toContain("sha256:1f3a9c0e");
  });

  test("the candidate's image while it has any traffic", () => {
    const problems = refused({ [candidateWeight]: 5, [greenImage]: newDigest }, deployed({ [candidateWeight]: 5 }));
    expect(pathsOf(problems)).toEqual([greenImage]);
  });

  test("a new image and traffic for it in one update", () => {
    const problems = refused({ [candidateWeight]: 5, [greenImage]: newDigest }, deployed());
    expect(problems).toHaveLength(1);
    expect(problems[0]!.found).toContain("not deployed yet");
    expect(problems[0]!.fix).toBe("pulumi config set --path 'slipway:services.api.release.candidateWeight' 0");
  });

  test("traffic for an image whose deployment failed: the record knows of none", () => {
    const before = deployed();
    const failed = { ...before, api: { ...before.api!, images: { ...before.api!.images, green: "" } } };
    expect(refused({ [candidateWeight]: 5 }, failed)[0]!.found).toContain("not deployed yet");
  });

  test("traffic for a colour whose tasks start in the same update", () => {
    const before = deployed({ "services.api.release.green.capacity": "zero" });
    expect(refused({ [candidateWeight]: 5 }, before)[0]!.found).toBe("is full, and no task has run yet");
  });

  test("traffic together with new settings of the tasks", () => {
    const problems = refused({ [candidateWeight]: 25, "services.api.environment.LOG_LEVEL": "debug" }, deployed({ [candidateWeight]: 5 }));
    expect(pathsOf(problems)).toEqual([candidateWeight]);
    expect(problems[0]!.fix).toBe("pulumi config set --path 'slipway:services.api.release.candidateWeight' 5");
  });

  test("to take the old colour's tasks in the step that takes its traffic", () => {
    const edits = { "services.api.release.live": "green", [candidateWeight]: 0, "services.api.release.blue.capacity": "zero" };
    expect(refused(edits, deployed({ [candidateWeight]: 50 }))[0]!.reason).toContain(
      "blue has served 50 % of the traffic until this update",
    );
  });

  test("to take the old colour's tasks before retainOldMinutes have passed", () => {
    const edits = { "services.api.release.live": "green", [candidateWeight]: 0, "services.api.release.blue.capacity": "zero" };
    const leftAt = (servedUntil: string) =>
      deployed({ "services.api.release.live": "green", [candidateWeight]: 0 }, { blue: servedUntil, green: "" });
    expect(refused(edits, leftAt("2026-11-21T11:30:00.000Z"))[0]!.allowed).toContain("2026-11-21T12:30:00.000Z");
    expect(refused(edits, leftAt("2026-11-21T10:59:59.000Z"))).toEqual([]);
  });

  test("another port for running tasks", () => {
    expect(pathsOf(refused({ "services.web.port": 8080 }, deployed()))).toEqual(["services.web.port"]);
  });

  test("two services that swap their priorities in one update", () => {
    const problems = refused({ "services.api.route.priority": 200, "services.web.route.priority": 100 }, deployed());
    expect(pathsOf(problems)).toEqual(["services.api.route.priority", "services.web.route.priority"]);
  });

  const web = () => (rawConfig("bench/production").services as Record<string, object>).web!;
  const another = (priority: number) => ({ ...web(), route: { priority, hosts: ["admin.coinestate.io"] } });

  test("case 01a the priority that another service gives up in the same update, for one that is new", () => {
    const edits = { "services.web.route.priority": 300, "services.admin": another(200) };
    const problems = refused(edits, deployed());
    expect(pathsOf(problems)).toEqual(["services.admin.route.priority"]);
    const [problem] = problems;
    expect([problem!.found, problem!.fix]).toEqual(["is 200, which web has until this update", expect.stringMatching(/priority' 310$/)]);
  });

  test("case 01a the priority of a service that is removed, or renamed", () => {
    const edits = { protect: false, "services.web": undefined, "autoRollback.web": undefined, "services.admin": another(200) };
    expect(pathsOf(refused(edits, deployed()))).toEqual(["services.admin.route.priority"]);
    const free = { ...edits, "services.admin": another(210) };
    expect(refused(free, deployed())).toEqual([]);
  });

  test("to remove or rename a serving service of a protected stack", () => {
    const removed = { "services.web": undefined, "autoRollback.web": undefined };
    expect(Object.keys(rawConfig("bench/production", removed).services as object)).toEqual(["api"]);
    expect(pathsOf(refused(removed, deployed()))).toEqual(["services.web"]);
    expect(refused({ ...removed, protect: false }, deployed())).toEqual([]);
  });
});

test("a host that another site's distribution has is refused, and so is another name for the site", () => {
  const urn = (site: string) => `urn:pulumi:production::p::aws:cloudfront/distribution:Distribution::coinestate-prod-site-${site}`;
  const state = { [urn("www")]: { type: "aws:cloudfront/distribution:Distribution", outputs: { aliases: ["www.coinestate.io"] } } };
  const passed = (sites: object) => pathsOf(passedHosts(configOf("bench/production", { sites }), state));
  expect(passed({ www: { hosts: ["www.coinestate.io", "docs.coinestate.io"] } })).toEqual([]);
  expect(passed({ docs: { hosts: ["docs.coinestate.io", "www.coinestate.io"] } })).toEqual(["sites.docs.hosts[1]"]);
});

describe("allowed", () => {
  test.each<[string, Edits]>([
    ["the idle colour's image", { [greenImage]: newDigest }],
    ["the weight", { [candidateWeight]: 50 }],
    ["a first image in the other colour", { "services.web.release.green": { image: newDigest, capacity: "full" } }],
    ["the idle colour's capacity", { "services.api.release.green.capacity": "zero" }],
    ["settings while traffic stays", { "services.api.environment.LOG_LEVEL": "debug" }],
    ["a free priority", { "services.api.route.priority": 150 }],
  ])("%s", (_, edits) => expect(refused(edits, deployed())).toEqual([]));

  test("anything before the first complete update", () => {
    expect(refused({ "services.api.release.blue.image": newDigest, [candidateWeight]: 50 }, {})).toEqual([]);
  });

  test("going back to the live colour, whatever the record lacks", () => {
    const before = deployed({ [candidateWeight]: 50 });
    const lacking = { ...before, api: { ...before.api!, images: { blue: "", green: "" }, settings: { blue: "", green: "" } } };
    expect(refused({ [candidateWeight]: 0 }, lacking)).toEqual([]);
    expect(refused({ [candidateWeight]: 0, "services.api.environment.LOG_LEVEL": "debug" }, before)).toEqual([]);
  });

  test.each(["constructor", "__proto__", "toString"])("a service named %s is not mistaken for a deployed one", (name) => {
    const config = configOf("bench/production");
    const services = Object.fromEntries([[name, config.services.web!]]) as typeof config.services;
    expect(unsafeChanges({ ...config, services, protect: false }, {}, now)).toEqual([]);
  });
});
