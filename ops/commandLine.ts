/** The commands of `slipway` and their flags. */
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { backupDrill } from "../rehearsal/drill/backup.ts";
import { colourDrill } from "../rehearsal/drill/colour.ts";
import { addDrills } from "../rehearsal/drill/command.ts";
import { databaseDrill } from "../rehearsal/drill/database.ts";
import { regionDrill } from "../rehearsal/drill/region.ts";
import { listAlarms, setAlarm } from "../rehearsal/sandbox/alarm.ts";
import { listLive, setLive, showLive } from "../rehearsal/sandbox/live.ts";
import { renderManifests } from "../rehearsal/sandbox/render.ts";
import { alarmStates } from "../sandbox/events/alarmState.ts";
import { type Fault, parseFault } from "../sandbox/faults/faults.ts";
import { type PackageName, packageNames } from "../sandbox/sandbox.ts";
import { listBackups, type StartFlags, startBackup, verifyBackups } from "./backup/backup.ts";
import { stackFileSchema } from "./config/jsonSchema.ts";
import { configDifferences, differenceTable, resolvedConfig, showConfig } from "./config/show.ts";
import { engineCommand, passThrough } from "./engine/commands.ts";
import { addFailover } from "./failover/failover.ts";
import { findProject, stackFilePath } from "./project/project.ts";
import { type CommentFlags, type ReviewFlags, review, writeComment } from "./review/review.ts";
import { acknowledgeRollback, rollbackStatus } from "./rollback/rollback.ts";
import { secretStatus, setSecret } from "./secrets/secrets.ts";
import { UserError } from "./userError.ts";
import { addVerify } from "./verify/verify.ts";

interface EngineFlags {
  readonly stack?: string;
  readonly real: readonly PackageName[];
  readonly fault: readonly Fault[];
}

/** Throws where Commander would end the process. */
export const program = new Command("slipway")
  .description(
    "Runs a Pulumi stack with blue/green traffic on the real engine: against a simulated cloud by default, against real providers with --real.",
  )
  .showHelpAfterError("(add --help for the options)")
  .enablePositionalOptions()
  .exitOverride();

const engineCommands = {
  preview: "show what an update would change",
  up: "update the stack; first finishes what a crash left and reads the live traffic weights",
  refresh: "read what is live into the state",
  destroy: "delete everything that the stack holds",
} as const;

for (const [name, description] of Object.entries(engineCommands)) {
  program
    .command(name)
    .description(description)
    .option("-s, --stack <name>", "stack to work on, one of the Pulumi.<name>.yaml files")
    .option(
      "--real <provider>",
      `use the real plugin of a provider (${packageNames.join(", ")}, or all); repeat for more`,
      collectProvider,
      [],
    )
    .option(
      "--fault <words>",
      "inject a fault into the simulated cloud, such as 'kill update aws:lb/listenerRule:ListenerRule 1 after'; repeat for more",
      collectFault,
      [],
    )
    .argument("[pulumi flags...]", "handed to pulumi as they are")
    .allowUnknownOption()
    .action(async (flags: readonly string[], options: EngineFlags) => {
      process.exitCode = await engineCommand(name as keyof typeof engineCommands, options, flags);
    });
}

program
  .command("pulumi")
  .description("run any pulumi command on a stack's sandbox, such as: slipway pulumi --stack staging stack export")
  .option("-s, --stack <name>", "stack to work on")
  .option("--real <provider>", "on the stack of the real plugin of a provider; repeat for more", collectProvider, [])
  .argument("<command...>", "pulumi command and flags")
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (command: readonly string[], options: EngineFlags) => {
    process.exitCode = await passThrough(command, options);
  });

const reviewCommand = program
  .command("review")
  .description("tell what an update would do, in words and by risk")
  .option("-s, --stack <name>", "stack to preview")
  .option("--real <provider>", "use the real plugin of a provider; repeat for more", collectProvider, [])
  .option("--digest <file>", "output of pulumi preview --json; no engine runs")
  .option("--events <file>", "event log of the same preview, for policies")
  .option("--out <folder>", "leave review.json and report.md there")
  .action(async (flags: ReviewFlags) => {
    process.exitCode = await review(flags);
  });
reviewCommand
  .command("comment")
  .description("write the comment of a pull request out of several reviews")
  .requiredOption("--in <folder>", "folder with a folder for each stack, as review --out leaves them")
  .requiredOption("--out <file>", "Markdown file to write")
  .option("--commit <sha>", "commit that was previewed")
  .action((flags: CommentFlags) => writeComment(flags));

const config = program.command("config").description("look at stack config without running anything");
config
  .command("show <stack>")
  .description("print the config after defaults, keys sorted")
  .action((stack: string) => {
    process.stdout.write(showConfig(resolvedConfig(stackFilePath(findProject(), stack), (text) => console.error(text))));
  });
config
  .command("diff <stackA> <stackB>")
  .description("list the values in which two stacks differ")
  .action((stackA: string, stackB: string) => {
    const project = findProject();
    const [a, b] = [stackFilePath(project, stackA), stackFilePath(project, stackB)];
    console.log(differenceTable(configDifferences(resolvedConfig(a), resolvedConfig(b)), a, b));
  });
config
  .command("schema [file]")
  .description("write the JSON Schema of stack files, to a file or to standard output")
  .action((file: string | undefined) => write(`${JSON.stringify(stackFileSchema(), null, 2)}\n`, file));

const sandbox = program.command("sandbox").description("look into the simulated cloud, and edit it the way somebody edits a console");
sandbox
  .command("list [type]")
  .description("list what exists, all of it or one type such as aws:lb/listenerRule:ListenerRule")
  .action((type: string | undefined) => console.log(listLive(findProject(), type)));
sandbox
  .command("show <id>")
  .description("print one object")
  .action((id: string) => console.log(showLive(findProject(), id)));
sandbox
  .command("set <id> <path> <value>")
  .description("change one property behind the engine's back, such as: set <rule arn> 'actions[0].forward.targetGroups[1].weight' 25")
  .action((id: string, path: string, value: string) => console.log(setLive(findProject(), id, path, value)));

const alarm = sandbox.command("alarm").description("see the simulated alarms, and set one off");
alarm
  .command("list")
  .description("list all alarms and their states")
  .action(() => console.log(listAlarms(findProject())));
alarm
  .command("set <name> <state>")
  .description(`set the state of an alarm (${alarmStates.join(", ")}), and let everything happen that follows from it`)
  .option("-s, --stack <name>", "stack whose alarm it is")
  .option("--reason <text>", "what CloudWatch would say about it", "Set by hand.")
  .action(async (name: string, state: string, { stack, reason }: { readonly stack?: string; readonly reason: string }) => {
    const known = alarmStates.find((one) => one === state);
    if (known === undefined) throw new UserError(`The state is ${state}; allowed: ${alarmStates.join(", ")}.`, 2);
    const project = findProject();
    const { accountId } = resolvedConfig(stackFilePath(project, stack)).aws;
    console.log((await setAlarm(project, accountId, name, known, reason)).join("\n"));
  });

sandbox
  .command("render <folder>")
  .description("write the objects of simulated Kubernetes clusters as YAML files, in place of those in the folder")
  .action((folder: string) => console.log(renderManifests(findProject(), folder).join("\n")));
const secrets = program.command("secrets").description("see which secrets have a value, and set one; values are never shown");
for (const [name, argument, description] of [
  ["status", "", "tell for every secret of a stack whether it has a value"],
  ["set", " <name>", "set a secret to what is typed (not shown) or piped in"],
] as const) {
  secrets
    .command(`${name}${argument}`)
    .description(description)
    .option("-s, --stack <name>", "stack to work on, one of the Pulumi.<name>.yaml files")
    .option("--real <provider>", "aws: the real account, through the AWS CLI; without it the simulated cloud", collectProvider, [])
    .option("--region <region>", "standby region: parameters are set in each region by themselves")
    .action(async (first: string | EngineFlags, second: EngineFlags) => {
      if (typeof first === "string") await setSecret(first, second);
      else process.exitCode = await secretStatus(first);
    });
}

const backup = program.command("backup").description("make a backup now, see what there is, check that every store has one");
const ofStack = (command: Command) =>
  command
    .option("-s, --stack <name>", "stack to work on, one of the Pulumi.<name>.yaml files")
    .option("--real <provider>", "aws: the real account, through the AWS CLI; without it the simulated cloud", collectProvider, []);
ofStack(backup.command("start"))
  .description("back stores up at once and wait: before a release, a migration, a change of schema")
  .requiredOption("--reason <text>", "why, kept as a tag of the backup")
  .option("--store <name>", "one store, such as databases-main; repeat for more; all by default", collect, [])
  .option("--keep <days>", "days that the backups are kept; 35 by default, within the vault's lock", wholeNumber)
  .action(async (flags: StartFlags) => {
    process.exitCode = await startBackup(flags);
  });
ofStack(backup.command("list"))
  .description("list the backups of a stack")
  .action(async (flags: StartFlags) => listBackups(flags));
ofStack(backup.command("verify"))
  .description("tell for every store whether its newest backup is whole and young enough; the weekly check")
  .action(async (flags: StartFlags) => {
    process.exitCode = await verifyBackups(flags);
  });
const rollback = program.command("rollback").description("see what an alarm rolled back, and let releases go on after that");
ofStack(rollback.command("status"))
  .description("tell for every service whether an alarm rolled it back and nobody has acknowledged it")
  .action(async (flags: EngineFlags) => {
    process.exitCode = await rollbackStatus(flags);
  });
ofStack(rollback.command("acknowledge"))
  .description("say that somebody has looked: updates may give the candidate traffic again")
  .requiredOption("--service <name>", "service that was rolled back")
  .action(async (flags: EngineFlags & { readonly service: string }) => {
    await acknowledgeRollback(flags.service, flags);
  });

addVerify(program, collectProvider);
addFailover(program, collectProvider);
addDrills(program, [regionDrill, databaseDrill, colourDrill, backupDrill]);

function write(text: string, file: string | undefined): void {
  if (file === undefined) process.stdout.write(text);
  else
    try {
      writeFileSync(file, text);
    } catch (error) {
      throw new UserError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("Give a whole number from 1.");
  return number;
}

function collectProvider(name: string, earlier: readonly PackageName[]): PackageName[] {
  if (name === "all") return [...packageNames];
  const found = packageNames.find((candidate) => candidate === name);
  if (found === undefined) throw new InvalidArgumentError(`Allowed: ${packageNames.join(", ")}, all.`);
  return [...earlier, found];
}

function collectFault(words: string, earlier: readonly Fault[]): Fault[] {
  try {
    return [...earlier, parseFault(words)];
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
