/** What is wrong with the traffic of services, by weights and health together, and what ends it. Pure. */
import { type Colour, otherColour } from "../../infra/config/release.ts";
import type { Commands } from "./commands.ts";
import type { Finding } from "./finding.ts";
import { isAbout } from "./followers.ts";
import { known } from "./reading.ts";
import type { ColourStatus, ServiceStatus } from "./services.ts";
import type { StackStatus } from "./stackStatus.ts";

/** Of all services, in every region. */
export function trafficFindings(status: StackStatus, commands: Commands): Finding[] {
  const found = known(status.services);
  if (found === undefined) return [];
  return [
    ...found.services.flatMap((service) => ofService(service, status, commands)),
    ...found.undeployed.map((service): Finding => {
      return { gravity: "drift", what: `${service}: nothing in the state splits its traffic`, command: commands.update() };
    }),
  ];
}

function ofService(service: ServiceStatus, status: StackStatus, commands: Commands): Finding[] {
  const { where, home, colours } = service;
  const of = (colour: Colour) => colours.find((one) => one.colour === colour);
  const [own, candidate] = [of(home), of(otherColour(home))];
  if (service.ruleIsGone)
    return [{ gravity: "outage", what: `${where}: what splits its traffic is gone from the cloud`, command: commands.updateRefreshed() }];
  const back = (reason: string) => commands.back(service.service, reason);
  const [ownAnswers, candidateAnswers] = [answers(own), answers(candidate)];
  const findings: Finding[] = [];
  if (serves(candidate) && candidateAnswers === false)
    findings.push({
      gravity: "outage",
      what: `${where}: ${candidate?.colour} has no healthy target and ${candidate?.live} % of the traffic${because(candidate)}`,
      command: ownAnswers === true ? back(`${candidate?.colour} has no healthy target`) : revived(service, candidate, status, commands),
    });
  if (serves(own) && ownAnswers === false)
    findings.push({
      gravity: "outage",
      what: `${where}: ${home} is dead: no healthy target, and ${own?.live} % of the traffic${candidateAnswers === true ? `; ${candidate?.colour} is well` : ""}${because(own)}`,
      command: revived(service, own, status, commands),
    });
  if (findings.length > 0) return findings;
  const alarm = known(status.alarms)?.ringing.find(
    (one) => one.region === service.region && isAbout(one, service.service) && one.follows === undefined && pages(one.severity),
  );
  if (alarm !== undefined && serves(candidate) && ownAnswers === true)
    return [
      {
        gravity: "outage",
        what: `${where}: ${alarm.name} rings while ${candidate?.colour} has traffic`,
        command: back(`rings: ${alarm.name}`),
      },
    ];
  return [...moved(service, status, commands), ...full(service, commands)];
}

function because(colour: ColourStatus | undefined): string {
  return colour?.trouble === undefined ? "" : `; ${colour.trouble}`;
}

function serves(colour: ColourStatus | undefined): boolean {
  return (colour?.live ?? 0) > 0;
}

/** Undefined where nobody can tell. */
function answers(colour: ColourStatus | undefined): boolean | undefined {
  return colour?.healthy === undefined ? undefined : colour.healthy > 0;
}

function pages(severity: string | undefined): boolean {
  return severity === "P0" || severity === "P1";
}

/** What gets tasks of a colour to run again. */
function revived({ service, region }: ServiceStatus, colour: ColourStatus | undefined, status: StackStatus, commands: Commands): string {
  const missing = known(status.secrets)?.secrets.find(({ verdict, readers }) => verdict === "MISSING" && readers.includes(service));
  if (missing !== undefined) return commands.setSecret(missing.name);
  // An update is refused while a latch is set.
  const latched = (known(status.latches) ?? []).some(
    (one) => one.service === service && one.region === region && one.latch.answer === "read" && typeof one.latch.value === "object",
  );
  if (latched && colour !== undefined && colour.tasks?.wanted === 0)
    return commands.start({ service, colour: colour.colour, region, reason: `${colour.colour} has no healthy target` });
  // Nobody wants tasks, or what they need is gone: what the stack declares puts both back.
  if (colour?.tasks?.wanted === 0 || colour?.trouble !== undefined) return commands.updateRefreshed();
  return commands.verify("deployment");
}

/** Traffic that is not where the config says, without a rollback that put it there. */
function moved({ service, where, colours, region, home: way }: ServiceStatus, status: StackStatus, commands: Commands): Finding[] {
  if (colours.every(({ live, config }) => live === undefined || live === config)) return [];
  const words = colours.map(({ colour, live, state, config }) => `${colour} ${live ?? "?"}/${state ?? "?"}/${config}`).join(", ");
  const what = `${where}: traffic is not where the config says (live/state/config: ${words})`;
  const locks = known(status.lock) ?? [];
  const home = colours.find(({ colour }) => colour === way);
  // An update that runs is on its way to what the config says.
  if (locks.some(({ life }) => life === "alive")) return [];
  const rolledBack =
    (known(status.latches) ?? []).some(
      (one) => one.service === service && one.region === region && one.latch.answer === "read" && typeof one.latch.value === "object",
    ) || (known(status.barred) ?? []).some((one) => one.service === service && one.region === region && one.entries.length > 0);
  if (rolledBack) return [{ gravity: "drift", what, command: commands.weigh(service, 0) }];
  const killed = `${what}; an update was killed in the middle`;
  if (locks.length > 0 && home?.healthy !== undefined && home.healthy > 0)
    return [{ gravity: "alarm", what: killed, command: commands.back(service, "an update did not end") }];
  const receiver = colours.find(({ live = 0, config }) => config > live);
  if (answers(receiver) === false)
    return [
      { gravity: "drift", what: `${what}; ${receiver?.colour} has no healthy target to take it`, command: commands.verify("deployment") },
    ];
  return [{ gravity: "drift", what, command: commands.update() }];
}

/** Services that want as many tasks as they may have. */
function full({ service, where, colours, configMaximum = 0 }: ServiceStatus, commands: Commands): Finding[] {
  return colours
    .filter((colour) => serves(colour) && colour.atMaximum)
    .map(({ colour, maximum = 0 }) => ({
      gravity: "risk" as const,
      what: `${where}: ${colour} runs at its maximum of ${maximum} tasks and cannot scale further`,
      command: configMaximum > maximum ? commands.update() : commands.most(service, maximum * 2),
    }));
}
