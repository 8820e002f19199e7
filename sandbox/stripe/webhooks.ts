import { createHmac } from "node:crypto";
import type { Chaos, Turn } from "./chaos";
import { newId } from "./ids";
import type { Event } from "./records";
import type { Delivery, State } from "./state";

const MAX_TRIES = 10;
const ANSWER_WITHIN_MS = 10_000;
const ATTEMPTS_KEPT = 20;
/** An event that is to be overtaken waits no longer than this for the next one. */
const OVERTAKEN_WITHIN_MS = 500;

export interface WebhookTarget {
  /** Null: events are kept and sent to nobody. */
  url: string | null;
  secret: string;
  /** Milliseconds before the second try; every further pause is twice as long. */
  firstPauseMs: number;
}

/** Stripe's signature scheme v1: https://docs.stripe.com/webhooks#verify-manually. `at` is real Unix seconds. */
export function signPayload(payload: string, secret: string, at: number): string {
  const signature = createHmac("sha256", secret).update(`${at}.${payload}`, "utf8").digest("hex");
  return `t=${at},v1=${signature}`;
}

/**
 * Sends events to the app's endpoint until it answers 2xx, at most ten times, in no promised order, at real time. What is
 * pending when it closes goes on at the next start. An event may arrive twice, as from Stripe.
 */
export class Webhooks {
  readonly #firstTries = new Set<Promise<void>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  readonly #overtaken: [Event, Delivery][] = [];

  constructor(
    private readonly state: State,
    private readonly target: WebhookTarget,
    private readonly chaos: Chaos,
    private readonly changed: () => void,
  ) {}

  /** Takes an event that was just recorded. */
  deliver(event: Event): void {
    this.changed();
    if (this.target.url === null) return;
    const turns = this.chaos.isOn() ? this.chaos.nextTurns() : new Set<Turn>();
    if (turns.has("twice")) {
      const second: Event = { ...structuredClone(event), id: newId("evt") };
      this.state.events.set(second.id, second);
      this.#dispatch(second, new Set());
    }
    this.#dispatch(event, turns);
    if (!turns.has("reorder")) this.#releaseOvertaken();
  }

  #dispatch(event: Event, turns: Set<Turn>): void {
    const delivery = this.#record(event, turns);
    if (turns.has("drop")) delivery.status = "lost";
    else if (turns.has("delay")) this.#later(event, delivery, Date.now() + this.chaos.settings.delayMs);
    else if (turns.has("reorder")) this.#overtaken.push([event, delivery]);
    else this.#first(event, delivery);
    if (turns.has("reorder")) setTimeout(() => this.#releaseOvertaken(), OVERTAKEN_WITHIN_MS).unref();
    if (turns.has("duplicate") && !turns.has("drop")) this.#first(event, delivery);
  }

  #record(event: Event, turns: Set<Turn>): Delivery {
    event.pending_webhooks = 1;
    const delivery: Delivery = {
      event: event.id,
      url: this.target.url ?? "",
      status: "pending",
      tries: 0,
      attempts: [],
      turns: [...turns],
      httpStatus: null,
      error: null,
      nextTryAt: null,
    };
    this.state.deliveries.set(event.id, delivery);
    return delivery;
  }

  #first(event: Event, delivery: Delivery): void {
    const first = this.#try(event, delivery);
    this.#firstTries.add(first);
    void first.finally(() => this.#firstTries.delete(first));
  }

  /** Sends what was held back, after everything that is under way has arrived. */
  #releaseOvertaken(): void {
    const held = this.#overtaken.splice(0);
    if (held.length === 0) return;
    const release = Promise.all(this.#firstTries).then(async () => {
      for (const [event, delivery] of held) await this.#try(event, delivery);
    });
    this.#firstTries.add(release);
    void release.finally(() => this.#firstTries.delete(release));
  }

  /** Sends an event once more, whatever became of it. Does nothing without an endpoint. */
  async resend(event: Event): Promise<void> {
    if (this.target.url === null) return;
    const delivery = this.state.deliveries.get(event.id) ?? this.#record(event, new Set());
    delivery.tries = 0;
    await this.#try(event, delivery);
  }

  /** Goes on with what an earlier run left pending. */
  resume(): void {
    for (const delivery of this.state.deliveries.values()) {
      const event = this.state.events.get(delivery.event);
      if (event && delivery.status === "pending") this.#later(event, delivery, delivery.nextTryAt ?? 0);
    }
  }

  /** Resolves when every event so far has been tried at least once, but for those that chaos delays. */
  async settled(): Promise<void> {
    this.#releaseOvertaken();
    while (this.#firstTries.size > 0) await Promise.all(this.#firstTries);
  }

  /** Forgets the pauses of events that are gone. */
  forget(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#overtaken.length = 0;
  }

  async close(): Promise<void> {
    this.forget();
    this.#closing.abort();
    await Promise.all(this.#underWay);
  }

  #try(event: Event, delivery: Delivery): Promise<void> {
    const work = this.#send(event, delivery);
    this.#underWay.add(work);
    return work.finally(() => this.#underWay.delete(work));
  }

  async #send(event: Event, delivery: Delivery): Promise<void> {
    const at = Date.now();
    const outcome = await this.#post(event);
    if (this.#closing.signal.aborted && outcome.httpStatus === null) return;
    delivery.tries += 1;
    const attempts = [...(delivery.attempts ?? []), { at, ...outcome, tookMs: Date.now() - at }];
    delivery.attempts = attempts.slice(-ATTEMPTS_KEPT);
    delivery.httpStatus = outcome.httpStatus;
    delivery.error = outcome.error;
    delivery.nextTryAt = null;
    if (outcome.error === null) delivery.status = "delivered";
    else if (delivery.tries >= MAX_TRIES) delivery.status = "failed";
    else delivery.status = "pending";
    event.pending_webhooks = delivery.status === "delivered" ? 0 : 1;
    if (delivery.status === "pending" && this.state.events.get(event.id) === event) {
      this.#later(event, delivery, Date.now() + this.target.firstPauseMs * 2 ** (delivery.tries - 1));
    }
    this.changed();
  }

  #later(event: Event, delivery: Delivery, at: number): void {
    delivery.nextTryAt = at;
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#timers.get(event.id));
    const timer = setTimeout(
      () => {
        this.#timers.delete(event.id);
        void this.#try(event, delivery);
      },
      Math.max(0, at - Date.now()),
    );
    this.#timers.set(event.id, timer);
  }

  async #post(event: Event): Promise<{ httpStatus: number | null; error: string | null }> {
    if (this.target.url === null) return { httpStatus: null, error: "no endpoint" };
    const payload = JSON.stringify(event, null, 2);
    const at = Math.floor(Date.now() / 1_000);
    try {
      const response = await fetch(this.target.url, {
        method: "POST",
        body: payload,
        headers: {
          "content-type": "application/json; charset=utf-8",
          "user-agent": "Stripe/1.0 (sandbox)",
          "stripe-signature": signPayload(payload, this.target.secret, at),
        },
        redirect: "manual",
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await response.body?.cancel();
      const { status } = response;
      return { httpStatus: status, error: response.ok ? null : `answered ${status}` };
    } catch (error) {
      return { httpStatus: null, error: explain(error) };
    }
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${ANSWER_WITHIN_MS / 1_000} seconds`;
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
