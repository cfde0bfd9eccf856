/**
 * Faults on demand: fail, delay or kill at the n-th call of a kind, before or after the live write. Written as words:
 *
 *     kill create aws:ec2/natGateway:NatGateway 2 after
 *     fail update aws:ecs/service:Service
 *     delay create aws:* 3 before 5s
 *     delay update aws:ecs/* while=/tmp/held
 */
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

const operations = ["check", "diff", "create", "read", "update", "delete"] as const;
export type Operation = (typeof operations)[number];
const actions = ["fail", "delay", "kill"] as const;

/** One fault. */
export interface Fault {
  /** `fail` answers with an error, `delay` waits, `kill` ends the engine as `kill -9` does. */
  readonly action: (typeof actions)[number];
  readonly operation: Operation;
  /** Type token; a trailing `*` matches any rest. */
  readonly type: string;
  /** Which matching call, counted from 1. @default 1 */
  readonly nth: number;
  /** Relative to the write in the live cloud. @default before */
  readonly when: "before" | "after";
  /** Time that a `delay` takes, milliseconds. @default 1000 */
  readonly milliseconds: number;
  /** File for as long as which is there a `delay` goes on. @default the time alone decides */
  readonly while?: string;
}

/** Reads a fault from its words. @throws Error naming the word that is wrong and what is allowed */
export function parseFault(text: string): Fault {
  const [action, operation, type, ...rest] = text.trim().split(/\s+/);
  const wrong = (word: string | undefined, what: string, allowed: string) =>
    new Error(`fault "${text}": ${what} is ${JSON.stringify(word ?? "missing")}; allowed: ${allowed}`);
  if (!isOneOf(actions, action)) throw wrong(action, "the action", actions.join(", "));
  if (!isOneOf(operations, operation)) throw wrong(operation, "the operation", operations.join(", "));
  if (type === undefined || !/^\w+:/.test(type))
    throw wrong(type, "the type", "a type token such as aws:lb/listenerRule:ListenerRule, or aws:lb/*");
  let fault: Fault = { action, operation, type, nth: 1, when: "before", milliseconds: 1000 };
  for (const word of rest) {
    const time = word.match(/^(\d+)(ms|s)$/);
    const file = /^while=(.+)$/.exec(word)?.[1];
    if (/^[1-9]\d*$/.test(word)) fault = { ...fault, nth: Number(word) };
    else if (word === "before" || word === "after") fault = { ...fault, when: word };
    else if (time !== null) fault = { ...fault, milliseconds: Number(time[1]) * (time[2] === "s" ? 1000 : 1) };
    else if (file !== undefined) fault = { ...fault, while: file };
    else throw wrong(word, "a word after the type", "a call number, before or after, a time such as 5s, a file as while=/tmp/held");
  }
  return fault;
}

/** Thrown into a call by a `fail` fault. */
export class InjectedFault extends Error {}

/** Counts the calls of one run and carries out the faults that are due. */
export class Faults {
  readonly #due: { fault: Fault; seen: number }[];
  readonly #kill: () => void;

  /** @param kill ends the engine without giving it time for anything */
  constructor(faults: readonly Fault[], kill: () => void) {
    this.#due = faults.map((fault) => ({ fault, seen: 0 }));
    this.#kill = kill;
  }

  /** Runs a call with the faults that are due before and after it. */
  async around<T>(operation: Operation, type: string, call: () => T): Promise<T> {
    const due = this.#due.filter((entry) => {
      if (entry.fault.operation !== operation || !covers(entry.fault.type, type)) return false;
      entry.seen += 1;
      return entry.seen === entry.fault.nth;
    });
    for (const { fault } of due) if (fault.when === "before") await this.#carryOut(fault);
    const result = call();
    for (const { fault } of due) if (fault.when === "after") await this.#carryOut(fault);
    return result;
  }

  async #carryOut(fault: Fault): Promise<void> {
    if (fault.action === "fail")
      throw new InjectedFault(`injected: ${fault.operation} of ${fault.type} fails ${fault.when} the live write`);
    if (fault.action === "delay") await setTimeout(fault.milliseconds);
    while (fault.action === "delay" && fault.while !== undefined && existsSync(fault.while)) await setTimeout(100);
    if (fault.action === "kill") {
      this.#kill();
      await new Promise(() => {}); // no answer ever reaches the engine
    }
  }
}

function covers(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

function isOneOf<T extends string>(words: readonly T[], word: string | undefined): word is T {
  return words.some((candidate) => candidate === word);
}
