/**
 * A program that writes the config that it sees, merged by itself: `pulumi.Config` over the bases beside its project file. It shares
 * no line with Slipway, which is held against it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Config, runtime } from "@pulumi/pulumi";
import { parse } from "yaml";

type Values = Record<string, unknown>;

const isMap = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a text that `pulumi.Config` hands out stands for. */
function meaning(text: string): unknown {
  if (text === "" || text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  try {
    return text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

function over(upper: unknown, lower: unknown): unknown {
  if (!isMap(upper)) return upper;
  const all: Values = isMap(lower) ? { ...lower } : {};
  for (const key of Object.keys(upper)) {
    if (upper[key] === null) delete all[key];
    else all[key] = over(upper[key], all[key]);
  }
  return all;
}

const config = new Config("slipway");
const names = Object.keys(runtime.allConfig()).filter((name) => name.startsWith("slipway:"));
const seen = Object.fromEntries(names.map((name) => [name, meaning(config.get(name.slice("slipway:".length)) ?? "")]));
const { "slipway:base": bases = [], ...own } = seen;
let merged: unknown = {};
for (const base of [bases].flat()) {
  const { config: values } = parse(readFileSync(`${process.env.PROJECT_FOLDER}/${base}`, "utf8")) as { config: Values };
  // A base means what a stack file with the same lines would: at the top a scalar is a text.
  const top = Object.entries(values).map(([key, value]) => [key, typeof value === "object" ? value : meaning(String(value))]);
  merged = over(Object.fromEntries(top), merged);
}
writeFileSync(`${process.env.PROJECT_FOLDER}/seen.json`, JSON.stringify({ bases, merged: over(own, merged), handed: runtime.allConfig() }));
