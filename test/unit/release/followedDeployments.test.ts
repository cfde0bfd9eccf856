/** Which deployment each colour's follows: the label that decides whether a task definition is another. */
import { expect, test } from "vitest";
import { followedIn, type LiveService } from "../../../infra/release/followedDeployments.ts";
import { settingsFingerprint } from "../../../infra/release/settingsFingerprint.ts";
import { configOf } from "../../harness/config.ts";

const config = configOf("staging");
const api = config.services.api!;
const name = "coinestate-staging-use1-api-green";
const container = { image: String(api.release.green.image), settings: settingsFingerprint(api), follows: "ecs-svc/3" };
const serviceName = "api-green-1a2b3c4";
const live: LiveService = {
  serviceName,
  id: "ecs-svc/4",
  desired: 2,
  running: { revision: "green:7", tasks: 2 },
  state: "completed",
  container,
};
const followed = (changes: Partial<LiveService>) => followedIn(config, new Map([[name, { ...live, ...changes }]]));

test.each<[string, Partial<LiveService>, string]>([
  ["runs as wanted: the label stays", {}, "ecs-svc/3"],
  ["runs as wanted and never had a label: none", { container: { ...container, follows: "" } }, ""],
  ["has tasks on their way: the label stays", { running: { revision: "green:7", tasks: 1 }, state: "inProgress" }, "ecs-svc/3"],
  ["is told to run nothing: the label stays", { desired: 0, running: { revision: "green:7", tasks: 0 } }, "ecs-svc/3"],
  ["runs another image, as after a rollback", { container: { ...container, image: `sha256:${"0".repeat(64)}` } }, "ecs-svc/4"],
  ["runs with other settings", { container: { ...container, settings: "000000000000" } }, "ecs-svc/4"],
])("a colour that %s", (_, changes, id) => {
  expect(followed(changes)).toEqual([{ name, id }]);
});

test("one that runs too few tasks is deployed again, and that is told", () => {
  expect(followed({ running: { revision: "green:7", tasks: 0 } })).toEqual([
    { name, id: "ecs-svc/4", repeated: `${name} is deployed again: 0 of 2 tasks of green:7 run.` },
  ]);
});

test("one whose tasks were asked for just before keeps its label, though ECS tells of none on their way", () => {
  const short = new Map([[name, { ...live, running: { revision: "green:7", tasks: 0 } }]]);
  expect(followedIn(config, short, [serviceName])).toEqual([{ name, id: "ecs-svc/3" }]);
  expect(followedIn(config, short, ["api-blue-1a2b3c4"])).toEqual([expect.objectContaining({ id: "ecs-svc/4" })]);
});

test("services that ECS has none of follow nothing, nor do those of others", () => {
  expect(followedIn(config, new Map([["coinestate-staging-use1-admin-blue", live]]))).toEqual([]);
});
