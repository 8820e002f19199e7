/** How fast mail may leave, as the operator says it: over all workers together. Pure. */
import type { Env } from "@/lib/env";
import type { WarmUp } from "./warm-up";

export type Rate = { messages: number; perSeconds: number };

export type SendingLimits = {
  /** Of everything, all at once: none where the mail server is the only limit. */
  overall: readonly Rate[];
  /** Of one destination domain, by its name; `*` stands for each that is not named. */
  domains: ReadonlyMap<string, Rate>;
  /** Messages on their way to one destination domain at a time, in one worker. */
  domainConnections: number | null;
  warmUp: WarmUp | null;
};

export const NO_LIMITS: SendingLimits = {
  overall: [],
  domains: new Map(),
  domainConnections: null,
  warmUp: null,
};

const UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, day: 86_400 };

export type LimitsEnv = Pick<
  Env,
  "SEND_RATE" | "SEND_DOMAIN_RATES" | "SEND_DOMAIN_CONNECTIONS" | "WARM_UP_FROM" | "WARM_UP_FIRST_DAY"
>;

/** Throws an Error that names the variable whose value is none. */
export function sendingLimitsOf(env: LimitsEnv): SendingLimits {
  const overall = (env.SEND_RATE ?? "").split(",").filter(Boolean).map(readRate);
  const domains = readDomainRates(env.SEND_DOMAIN_RATES ?? "");
  if (!overall.every((rate) => rate !== null)) throw new Error("SEND_RATE: write rates such as 20/s,10000/h");
  if (!domains) throw new Error("SEND_DOMAIN_RATES: write domains and rates such as gmail.com=20/s,*=10/s");
  return {
    overall,
    domains,
    domainConnections: env.SEND_DOMAIN_CONNECTIONS ?? null,
    warmUp: env.WARM_UP_FROM ? { from: env.WARM_UP_FROM, firstDay: env.WARM_UP_FIRST_DAY } : null,
  };
}

/** `20/s`, `300/min`, `10000/h`, `50000/day`; null for anything else. */
export function readRate(text: string): Rate | null {
  const [, messages, unit] = /^(\d{1,9})\/(s|min|h|day)$/.exec(text.trim()) ?? [];
  const perSeconds = unit === undefined ? undefined : UNITS[unit];
  if (!messages || !perSeconds || Number(messages) === 0) return null;
  return { messages: Number(messages), perSeconds };
}

/** `gmail.com=20/s, outlook.com=300/min, *=10/s`; null where one of them is not like this. */
export function readDomainRates(text: string): ReadonlyMap<string, Rate> | null {
  const rates = new Map<string, Rate>();
  for (const entry of text.split(",").filter((each) => each.trim() !== "")) {
    const [domain = "", rate = "", ...rest] = entry.split("=").map((each) => each.trim().toLowerCase());
    const read = readRate(rate);
    if (!read || rest.length > 0 || !/^(\*|[a-z0-9-]+(\.[a-z0-9-]+)+)$/.test(domain)) return null;
    rates.set(domain, read);
  }
  return rates;
}

export function rateFor(domain: string, limits: SendingLimits): Rate | null {
  return limits.domains.get(domain) ?? limits.domains.get("*") ?? null;
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1);
}
