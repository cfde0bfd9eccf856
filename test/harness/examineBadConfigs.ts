/** Examines every bad config of the tables: a process of its own, so that Node.js counts from the first line what is reached. */
import { examine } from "../../infra/config/parse.ts";
import { badConfigs } from "./badConfigs/all.ts";
import { rawConfig } from "./config.ts";

for (const { stack = "bench/production", edits } of badConfigs) examine(rawConfig(stack, edits));
