import { API_VERSION } from "./api-version";
import type { Clock } from "./clock";
import { newId } from "./ids";
import type { Event, EventType } from "./records";
import type { State } from "./state";

type Cause = Event["request"];

const NOBODY: Cause = { id: null, idempotency_key: null };

/** Writes events and hands each to `deliver`. What caused them is set around a request with `during`. */
export class EventLog {
  #cause: Cause = NOBODY;

  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly deliver: (event: Event) => void,
  ) {}

  /** Runs `work`, whose events then name this API request as their cause. */
  during<T>(cause: Cause, work: () => T): T {
    this.#cause = cause;
    try {
      return work();
    } finally {
      this.#cause = NOBODY;
    }
  }

  /** Records that something happened to `record`, as it is now. `before` are the former values of what changed. */
  emit(type: EventType, record: object, before?: Record<string, unknown>): void {
    const event: Event = {
      id: newId("evt"),
      object: "event",
      api_version: API_VERSION,
      created: this.clock.seconds(),
      data: { object: structuredClone(record), ...(before ? { previous_attributes: before } : {}) },
      livemode: false,
      pending_webhooks: 0,
      request: this.#cause,
      type,
    };
    this.state.events.set(event.id, event);
    this.deliver(event);
  }

  /**
   * Changes fields of `record` and records it with the former values, as Stripe's updated-events carry them. A change to
   * the same values records nothing.
   */
  change<T extends object>(type: EventType, record: T, fields: Partial<T>): void {
    const before: Record<string, unknown> = {};
    for (const key of keysOf(fields)) {
      if (JSON.stringify(record[key]) !== JSON.stringify(fields[key])) {
        before[String(key)] = structuredClone(record[key]) ?? null;
      }
    }
    Object.assign(record, fields);
    if (Object.keys(before).length > 0) this.emit(type, record, before);
  }
}

function keysOf<T extends object>(fields: Partial<T>): (keyof T)[] {
  return Object.keys(fields) as (keyof T)[];
}
