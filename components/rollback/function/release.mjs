// Made by `npm run schema` of components/colours.ts, components/release/capacity.ts, components/release/item.ts, components/release/record.ts, components/release/withdrawal.ts.
export const colours = ["blue", "green"];
export function otherColour(colour) {
    return colour === "blue" ? "green" : "blue";
}
export function weightsOf(live, candidateWeight) {
    return live === "blue"
        ? { blue: 100 - candidateWeight, green: candidateWeight }
        : { blue: candidateWeight, green: 100 - candidateWeight };
}

export function needsOf(weights, healthy, { minimum, maximum }) {
    const most = weights.green > weights.blue ? "green" : "blue";
    const known = healthy[most] ?? healthy[otherColour(most)];
    const serving = known === undefined ? 0 : known;
    const all = Math.min(maximum ?? serving, Math.ceil((serving * 100) / Math.max(weights[most], 1) - 1e-9));
    return { liveRunning: serving <= minimum ? serving : Math.max(serving, all), headroom: 100, minimum: 1 };
}
export function neededTargets(share, liveRunning, headroom, minimum) {
    return share === 0 ? 0 : Math.max(minimum, 1, Math.ceil((share * liveRunning * headroom) / 10_000));
}
export function forwardCapacity(colour, share, healthy, needs) {
    const value = neededTargets(share, needs.liveRunning, needs.headroom, needs.minimum);
    const known = healthy?.[colour];
    const there = known === undefined ? 0 : known;
    const words = `${share} % needs ${value} healthy targets in ${colour}, and ${known === undefined ? "nobody could read how many there are" : `${there} are there`}`;
    return { answer: there >= value ? "enough" : "tooFew", healthy: there, value, reason: words };
}
export function backCapacity(colour, share, healthy, needs) {
    const value = neededTargets(share, needs.liveRunning, needs.headroom, needs.minimum);
    const there = healthy?.[colour];
    const other = otherColour(colour);
    const others = healthy?.[other];
    if (there === 0 && others !== undefined && others > 0)
        return { answer: "stranded", reason: `${colour} has no healthy target, and ${other} has ${others}`, value: other };
    const reason = `${there === undefined ? "nobody could read how many" : there} of ${value} healthy targets in ${colour}`;
    return there !== undefined && there < value ? { answer: "goShort", healthy: there, reason, value } : { answer: "go", reason, value };
}

export const releaseKey = "service";
export const releaseTableName = "releases";
export function itemKey(service) {
    return { [releaseKey]: { S: service } };
}
export function itemPut(table, record) {
    const read = record.version - 1;
    return {
        TableName: table,
        Item: { ...itemKey(record.service), version: { N: String(record.version) }, record: { S: JSON.stringify(record) } },
        ExpressionAttributeNames: { "#version": "version" },
        ...(read === 0
            ? { ConditionExpression: "attribute_not_exists(#version)" }
            : { ConditionExpression: "#version = :read", ExpressionAttributeValues: { ":read": { N: String(read) } } }),
    };
}
export function recordIn(item) {
    return JSON.parse(String(item.record?.S));
}

import { isDeepStrictEqual } from "node:util";
const mostDigests = 20;
export function newRecord({ service, region, live }) {
    return { format: 1, version: 0, service, region, live, wayBack: live, runs: {}, digests: [] };
}
export function changed(record, event, moment) {
    if (event.read !== record.version)
        return {
            outcome: "conflict",
            read: event.read,
            found: record.version,
            reason: `the release record of ${record.service} is at version ${record.version} and was read at ${event.read}: somebody else wrote it`,
        };
    if (event.kind === "labelsSwapped" && weightsIn(record)[event.live] !== 100)
        return {
            outcome: "refused",
            reason: `${event.live} has ${weightsIn(record)[event.live]} % of the traffic; the labels are swapped where it has everything`,
            value: otherColour(event.live),
        };
    const after = withWayBack(record, applied(record, event, moment));
    if (isDeepStrictEqual(after, record))
        return { outcome: "unchanged", record };
    return { outcome: "changed", record: { ...after, digests: bounded(after, moment), version: record.version + 1 } };
}
export function weightsIn(record) {
    const of = (colour) => {
        const entry = entryOf(record, colour);
        return entry === undefined ? 0 : entry.share;
    };
    return { blue: of("blue"), green: of("green") };
}
export function entryOf(record, colour) {
    return record.digests.find((entry) => entry.colour === colour && entry.digest === record.runs[colour]);
}
export function isBarred({ state }) {
    return state === "failed" || state === "rolledBack";
}
export function isProven({ state, share, since }, { now, retainOldMinutes }) {
    return state === "finished" && (share > 0 || now.getTime() < Date.parse(since) + retainOldMinutes * 60_000);
}
function applied(record, event, { now }) {
    const at = now.toISOString();
    switch (event.kind) {
        case "intended": {
            const { weights, basis, by, reason } = event;
            const intent = { weights, basis, by, since: at, ...(reason === undefined ? {} : { reason }) };
            const same = record.intent !== undefined && isDeepStrictEqual({ ...record.intent, since: at }, intent);
            return same ? record : { ...record, intent };
        }
        case "deployed":
            return withDeployment(record, event, at);
        case "shareChanged":
            return withShares(record, sharesOf(event.weights, at), event);
        case "found":
            return withShares(record, event.shares, { by: event.by, basis: "found" });
        case "finished":
            return withState(record, event, at, ({ state }) => (state === "running" ? "finished" : state));
        case "failed":
            return withState(record, event, at, ({ state }) => (state === "rolledBack" ? state : "failed"));
        case "rolledBack":
            return withState(withShares(record, sharesOf(event.weights, at), { by: event.by, basis: "less" }), event, at, () => "rolledBack");
        case "labelsSwapped":
            return { ...record, live: event.live };
        case "acknowledged": {
            const word = { by: event.by, reason: event.reason, at };
            const opened = (entry) => ({ ...entry, state: "running", since: at, word });
            const digests = record.digests.map((entry) => (entry.digest === event.digest && isBarred(entry) ? opened(entry) : entry));
            return { ...record, digests };
        }
    }
}
function withDeployment(record, event, at) {
    const { colour, digest, tasks, revision, by } = event;
    const before = entryOf(record, colour);
    const known = record.digests.find((entry) => entry.digest === digest && entry.colour === colour);
    const barred = record.digests.find((entry) => entry.digest === digest && isBarred(entry));
    const state = barred === undefined ? "running" : barred.state;
    const entry = { ...(known ?? { digest, colour, share: 0, since: at, by, state }), tasks, revision };
    const runs = tasks.running > 0 && revision.running === revision.wanted;
    if (!runs || before?.digest === digest)
        return withEntry(record, entry);
    const after = { ...withEntry(record, entry), runs: { ...record.runs, [colour]: digest } };
    if (before === undefined || before.share === 0)
        return after;
    const unproven = isBarred(entry) ? entry.state : "running";
    return withEntry(withEntry(after, { ...before, share: 0, since: at, by }), {
        ...entry,
        share: before.share,
        since: at,
        by,
        state: unproven,
    });
}
function withShares({ intent: _done, ...record }, shares, { by, basis }) {
    return colours.reduce((after, colour) => {
        const entry = entryOf(after, colour);
        const { share, since } = shares[colour];
        if (entry === undefined || (entry.share === share && (basis !== "found" || entry.since === since)))
            return after;
        const unproven = basis === "step" || basis === "word" || (basis === "found" && colour !== record.live);
        const opens = share > entry.share && entry.state === "finished" && unproven;
        return withEntry(after, { ...entry, share, since, by, basis, ...(opens ? { state: "running" } : {}) });
    }, record);
}
function sharesOf({ blue, green }, since) {
    return { blue: { share: blue, since }, green: { share: green, since } };
}
function withState(record, { colour, digest, by }, at, next) {
    const known = record.digests.find((entry) => entry.digest === digest && entry.colour === colour);
    const none = { tasks: { wanted: 0, running: 0 }, revision: { wanted: "", running: "" } };
    const entry = known ?? { digest, colour, share: 0, since: at, by, state: "running", ...none };
    return withEntry(record, { ...entry, state: next(entry) });
}
function withEntry(record, entry) {
    const is = (one) => one.digest === entry.digest && one.colour === entry.colour;
    if (!record.digests.some(is))
        return { ...record, digests: [...record.digests, entry] };
    return { ...record, digests: record.digests.map((one) => (is(one) ? entry : one)) };
}
function withWayBack(before, after) {
    const colour = after.wayBack;
    const [was, is] = [entryOf(before, colour), entryOf(after, colour)];
    const finished = entryOf(after, after.live)?.state === "finished";
    const parted = finished && was?.share === 0 && is !== undefined && is.share > 0 && is.share < 100;
    const closed = is?.digest !== was?.digest || is?.tasks.wanted === 0;
    return parted || closed ? { ...after, wayBack: after.live } : after;
}
function bounded(record, moment) {
    const { digests } = record;
    const needed = (entry) => entry === entryOf(record, entry.colour) || isProven(entry, moment);
    const droppable = digests.filter((entry) => !needed(entry));
    const first = [...droppable.filter((entry) => !isBarred(entry)), ...droppable.filter(isBarred)];
    const dropped = new Set(first.slice(0, Math.max(0, digests.length - mostDigests)));
    return digests.filter((entry) => !dropped.has(entry));
}

export function clientsMayStay({ stickinessSeconds, share, servedUntil }, now) {
    if (stickinessSeconds === undefined)
        return false;
    return share > 0 || now.getTime() < Date.parse(servedUntil) + stickinessSeconds * 1000;
}
export function everythingTo(receiver, sticky) {
    const all = { colour: receiver, weight: 100 };
    return sticky ? [all] : [all, { colour: otherColour(receiver), weight: 0 }];
}
