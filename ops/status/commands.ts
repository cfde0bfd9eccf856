/** Commands that findings name, each with the stack, pasteable without a gap. Pure. */
import { quote } from "../../infra/config/problem.ts";
import { setFlag } from "../config/edit.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { StackFlags } from "../project/stack.ts";
import { restartWords } from "../restart/restart.ts";
import { endOfHold, weighCommand } from "../rollback/endOfHold.ts";
import { rollbackCommand } from "../rollback/rollback.ts";
import { restartCommand } from "../secrets/secrets.ts";
import type { StaleReader } from "../secrets/stale.ts";
import type { AlarmMend } from "./alarmMend.ts";
import type { ForeignPolicy } from "./foreignPolicies.ts";
import type { ForeignRule } from "./foreignRules.ts";

/** Flags with the stack's name. */
export type Named = StackFlags & { readonly stack: string };

/** Commands on one stack. */
export function commandsOn(flags: Named) {
  const run = (words: string, rest = "") => slipwayCommand(words, flags, rest);
  return {
    update: () => run("up"),
    /** Reads what is live first, so that what somebody deleted or changed comes back. */
    updateRefreshed: () => run("up", "--refresh"),
    verify: (target: "deployment" | "restoration") => run(`verify ${target}`),
    runbook: (alarmOrPage: string) => run(`runbook ${alarmOrPage}`),
    /** Looks at what a first look leaves out. */
    deeper: () => run("status", "--deep"),
    revoke: ({ id, region }: ForeignRule) => run("security-group revoke", `--rule ${id} --region ${region} --reason 'no state holds it'`),
    /** AWS's own: no verb gives or takes rights. */
    takePolicy: ({ role, policy, kind }: ForeignPolicy) =>
      kind === "inline"
        ? `aws iam delete-role-policy --role-name ${role} --policy-name ${policy}`
        : `aws iam detach-role-policy --role-name ${role} --policy-arn ${policy}`,
    doctor: () => run("doctor"),
    /** Candidate of a service gets so much, in the config too. */
    weigh: (service: string, percent: number) => weighCommand(service, percent, flags),
    most: (service: string, tasks: number) => run("up", setFlag(["services", service, "scaling", "maximum"], tasks)),
    /** Traffic goes back at once, past lock and engine. */
    back: (service: string, reason: string) => rollbackCommand(service, flags, reason),
    /** What holds the service back is ended. @param wanted what config asks for, percent */
    endHold: (service: string, wanted: number) => endOfHold(service, wanted, flags),
    /** Tasks of a colour that is told to run none. */
    start: (tasks: Parameters<typeof restartWords>[0]) => run("restart", restartWords(tasks)),
    restart: (reader: StaleReader) => restartCommand(reader, flags),
    unlock: () => run("pulumi", "cancel --yes"),
    /** The name of what has no value stands in the finding. */
    setSecret: (name: string) => run("secrets set", name),
    restoreDatabase: (database: string, reason: string) =>
      run("database restore", `--database ${database} --to latest --reason ${quote(reason)}`),
    /** What ends the cause of an alarm. */
    mend: (mend: AlarmMend) =>
      mend.kind === "growCache"
        ? run("cache grow", `--cache ${mend.cache} --region ${mend.region} --reason 'no memory is left'`)
        : run("up", setFlag(["network", "gatewayEndpoints"], mend.services)),
    follow: (region: string, reason: string) => run("database follow", `--region ${region} --reason ${quote(reason)}`),
    approve: (region: string, reason: string) => run("failover approve", `--region ${region} --reason ${quote(reason)}`),
    withdraw: (region: string, reason: string) => run("failover withdraw", `--region ${region} --reason ${quote(reason)}`),
    /** The region takes writes, and those that do not answer are kept out first. */
    promote: (region: string, reason: string) => run("database promote", `--region ${region} --withdraw --reason ${quote(reason)}`),
    restore: (region: string, reason: string) => run("failover restore", `--region ${region} --reason ${quote(reason)}`),
  };
}

export type Commands = ReturnType<typeof commandsOn>;
