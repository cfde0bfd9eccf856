/** Setup of each file of engine tests: ends the processes that its commands ran in, so that their processor time counts as the file's. */
import { afterAll } from "vitest";
import { endHosts } from "./commandProcess.ts";

afterAll(endHosts);
