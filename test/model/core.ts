/** The pure core of releases as one object, so that a mutant of it can take its place. */
import * as capacity from "../../components/release/capacity.ts";
import * as deployment from "../../components/release/deployment.ts";
import * as item from "../../components/release/item.ts";
import * as move from "../../components/release/move.ts";
import * as record from "../../components/release/record.ts";
import * as retention from "../../components/release/retention.ts";
import * as share from "../../components/release/share.ts";
import * as standing from "../../components/release/standing.ts";

export const core = { ...capacity, ...deployment, ...item, ...move, ...record, ...retention, ...share, ...standing };
export type Core = typeof core;
