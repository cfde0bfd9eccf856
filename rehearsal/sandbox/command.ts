/** `slipway sandbox`: the simulated cloud, looked into and edited the way somebody edits a console. */
import type { Command } from "commander";
import { atLeastOne, duration, durationOrNone, oneOf } from "../../ops/flags.ts";
import type { Project } from "../../ops/project/project.ts";
import { type AlarmState, alarmStates } from "../../sandbox/events/alarmState.ts";
import { type Fate, fates } from "./fate.ts";

/** Adds the commands. */
export function addSandbox(program: Command): void {
  const parent = program.command("sandbox").description("look into the simulated cloud, and edit it the way somebody edits a console");
  parent
    .command("list [type]")
    .description("list what exists, all of it or one type such as aws:lb/listenerRule:ListenerRule")
    .action(async (type: string | undefined) => console.log((await import("./live.ts")).listLive(await project(), type)));
  parent
    .command("show <id>")
    .description("print one object")
    .action(async (id: string) => console.log((await import("./live.ts")).showLive(await project(), id)));
  parent
    .command("set <id> <path> <value>")
    .description("change one property behind the engine's back, such as: set <rule arn> 'actions[0].forward.targetGroups[1].weight' 25")
    .action(async (id: string, path: string, value: string) =>
      console.log((await import("./live.ts")).setLive(await project(), id, path, value)),
    );
  parent
    .command("render <folder>")
    .description("write the objects of simulated Kubernetes clusters as YAML files, in place of those in the folder")
    .action(async (folder: string) => console.log((await import("./render.ts")).renderManifests(await project(), folder).join("\n")));

  const alarm = parent.command("alarm").description("see the simulated alarms, and set one off");
  alarm
    .command("list")
    .description("list all alarms and their states")
    .action(async () => console.log((await import("./alarm.ts")).listAlarms(await project())));
  alarm
    .command("set")
    .description(`set the state of an alarm (${alarmStates.join(", ")}), and let everything happen that follows from it`)
    .argument("<name>", "its name")
    .argument("<state>", alarmStates.join(", "), oneOf(alarmStates))
    .option("-s, --stack <name>", "stack whose alarm it is")
    .option("--reason <text>", "what CloudWatch would say about it", "Set by hand.")
    .action(async (name: string, state: AlarmState, { stack, reason }: { readonly stack?: string; readonly reason: string }) => {
      const { setAlarm } = await import("./alarm.ts");
      const { sandboxStack } = await import("../../ops/project/stack.ts");
      const named = sandboxStack(stack);
      console.log((await setAlarm(named.project, named.config.aws.accountId, name, state, reason)).join("\n"));
    });

  const clock = parent
    .command("clock")
    .description("see the simulated cloud's clock, and move it on, so that a bake or a retention is over");
  clock
    .command("show")
    .description("tell what time it is in the simulated cloud")
    .action(async () => console.log((await import("./clock.ts")).showClock(await project())));
  clock
    .command("advance")
    .description("move the clock on; it runs on from there")
    .argument("<duration>", "such as 24h, 90m or 1d12h", duration)
    .action(async (milliseconds: number) => console.log((await import("./clock.ts")).advance(await project(), milliseconds)));
  clock
    .command("reset")
    .description("set the clock to this machine's time; what was stamped meanwhile keeps its stamp")
    .action(async () => console.log((await import("./clock.ts")).reset(await project())));

  const tasks = parent.command("tasks").description("see the tasks of simulated services, let them take time, and let some stop");
  tasks
    .command("list")
    .description("list the services with their tasks: wanted, running, pending, and what is wrong")
    .action(async () => console.log((await import("./tasks.ts")).listTasks(await project())));
  tasks
    .command("take")
    .description("say how long a task takes until it runs, where nobody waits for it: after scaling, a way back, a task that stopped")
    .argument("<duration>", "such as 60s or 2m; 0s for at once", durationOrNone)
    .action(async (milliseconds: number) => console.log((await import("./tasks.ts")).setPace(await project(), milliseconds)));
  tasks
    .command("stop")
    .description("let some tasks of a service stop; ECS starts others, which takes as long as tasks do")
    .argument("<service>", "name of the ECS service, as in list")
    .argument("<count>", "how many", atLeastOne)
    .action(async (name: string, count: number) => console.log((await import("./tasks.ts")).stop(await project(), name, count)));

  const images = parent.command("images").description("see the images of the simulated registry, and push those of a stack");
  images
    .command("list")
    .description("list all images, and what becomes of their tasks")
    .action(async () => console.log((await import("./images.ts")).listImages(await project())));
  images
    .command("push")
    .description("push the images that a stack's config names, as docker push does; before the first update too")
    .option("-s, --stack <name>", "stack that names them")
    .action(async ({ stack }: { readonly stack?: string }) => {
      const { pushConfigured } = await import("./images.ts");
      const { sandboxStack } = await import("../../ops/project/stack.ts");
      const { backend, config } = sandboxStack(stack);
      console.log(pushConfigured(backend.folder, config).join("\n"));
    });
  images
    .command("set")
    .description("say what becomes of tasks of an image: they run, they die when they start, or it is absent")
    .argument("<digest>", "sha256: and 64 hexadecimal digits")
    .argument("<fate>", fates.join(", "), oneOf(fates))
    .action(async (digest: string, fate: Fate) => console.log((await import("./images.ts")).setFate(await project(), digest, fate)));

  parent
    .command("secrets")
    .description("the values that tasks read when they start")
    .command("set")
    .description("give each secret of a stack that has none a random value, in place of slipway secrets set")
    .option("-s, --stack <name>", "stack that names them")
    .action(async ({ stack }: { readonly stack?: string }) => {
      const { setConfiguredSecrets } = await import("./secrets.ts");
      const { sandboxStack } = await import("../../ops/project/stack.ts");
      const { backend, config } = sandboxStack(stack);
      console.log(setConfiguredSecrets(backend.folder, config).join("\n"));
    });
}

async function project(): Promise<Project> {
  return (await import("../../ops/project/project.ts")).findProject();
}
