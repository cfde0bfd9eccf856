/**
 * Setup of each file whose worker serves others too: the processes that commands run in serve all files of a worker, since what they
 * have loaded and compiled is half of a command's time, and end with it, so that their processor time counts as the worker's; vitest
 * gives a worker half a second for that.
 */
import { endHosts } from "./commandProcess.ts";

if (process.listenerCount("SIGTERM") === 0) process.once("SIGTERM", () => void endHosts().finally(() => process.exit()));
