/** The whole way in the simulated cloud: an alarm's state, the event, the rules, the functions, what they do. */
import { type ApiCall, serveApi } from "../api/server.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { FunctionProcess, type Invocation } from "../functions/functionProcess.ts";
import { type AlarmState, alarmNamed, setAlarmState } from "./alarmState.ts";
import { type Delivered, deliver, type PlacedEvent } from "./delivery.ts";

/** Where alarms are raised, and what goes wrong on the way. */
export interface EventPathOptions {
  /** Folder of the sandbox. */
  readonly folder: string;
  readonly store: LiveStore;
  /** Account, 12 digits. */
  readonly account: string;
  /** Called before a call of a function has its effect. @throws CloudError to refuse it. @default nothing is refused */
  readonly before?: (call: ApiCall) => void;
  /** Called after its effect; `kill` ends the function before it hears the answer. @default nothing */
  readonly after?: (call: ApiCall, kill: () => void) => void;
}

/** An open way from alarms to functions; functions stay warm until `close`. */
export class EventPath {
  readonly #options: EventPathOptions;
  readonly #running = new Map<string, FunctionProcess>();
  readonly #stop: () => void;
  readonly #url: string;

  private constructor(options: EventPathOptions, url: string, stop: () => void) {
    this.#options = options;
    this.#url = url;
    this.#stop = stop;
  }

  static async open(options: EventPathOptions): Promise<EventPath> {
    let path: EventPath | undefined;
    const { store, account, before, after } = options;
    const api = await serveApi({
      store,
      account,
      ...(before === undefined ? {} : { before }),
      after: (call) => after?.(call, () => path?.kill()),
    });
    path = new EventPath(options, api.url, api.stop);
    return path;
  }

  /**
   * Sets an alarm's state and waits until everything that follows is done.
   * @returns what was delivered; nothing when it had the state already
   * @throws CloudError for an alarm that is not there
   */
  async set(name: string, state: AlarmState, reason: string): Promise<Delivered[]> {
    const { store } = this.#options;
    const event = setAlarmState(store, alarmNamed(store, name), state, reason);
    return event === undefined ? [] : this.send(event);
  }

  /** Delivers an event. */
  send(event: PlacedEvent): Promise<Delivered[]> {
    return deliver(event, this.#options.store, (target, handed) => this.#invoke(target, handed));
  }

  /** Ends all functions at once, as when their machines are lost. */
  kill(): void {
    for (const one of this.#running.values()) one.stop();
  }

  close(): void {
    this.kill();
    this.#stop();
  }

  async #invoke(target: LiveObject, event: PlacedEvent): Promise<Invocation> {
    const warm = this.#running.get(target.id);
    const { folder } = this.#options;
    const one = warm?.alive === true ? warm : await FunctionProcess.start(target, { folder, apiUrl: this.#url });
    this.#running.set(target.id, one);
    return one.invoke(event);
  }
}
