import { z } from "zod";
import { DECLINES, declineOf } from "./cards";
import type { CardFailure } from "./records";

/** What can go wrong on demand, and in what words the page offers it. */
export const TROUBLES = {
  busy: "429, too many requests",
  failing: "500, an error of Stripe's",
  hidden: "502, a page instead of an answer",
  down: "hangs up before it does anything",
  cut: "does it, and the answer is lost",
  hang: "never answers",
  declined: "the card is refused",
} as const;

export type Trouble = keyof typeof TROUBLES;

const troubles = z.enum(Object.keys(TROUBLES) as [Trouble, ...Trouble[]]);

export const faultShape = z
  .strictObject({
    trouble: troubles,
    /** `POST /v1/refunds`, with `*` for any one part, or `*` alone for every call. A refused card is no call. */
    call: z
      .string()
      .regex(/^(\*|(GET|POST|DELETE) \/v1\/[\w*/-]+)$/)
      .default("*"),
    /** How often; left out, until it is taken away. */
    times: z.int().min(1).max(10_000).nullable().default(null),
    /** How many that fit go well before the first that does not. */
    after: z.int().min(0).max(10_000).default(0),
    decline_code: z.enum(Object.keys(DECLINES) as [string, ...string[]]).default("generic_decline"),
  })
  .readonly();

export interface Fault extends z.output<typeof faultShape> {
  /** How often it has struck. */
  struck: number;
  /** How many fitting calls have gone by. */
  seen: number;
}

/** The fault switch: what goes wrong next, and how often. It is forgotten when the sandbox stops. */
export class Faults {
  #faults: Fault[] = [];

  list(): readonly Readonly<Fault>[] {
    return this.#faults;
  }

  add(fault: z.output<typeof faultShape>): void {
    this.#faults.push({ ...fault, struck: 0, seen: 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** What happens to this call, or null when all is well. Counts. */
  strike(method: string, path: string): Trouble | null {
    const fault = this.#faults.find(
      ({ trouble, call }) => trouble !== "declined" && fits(call, `${method} ${path}`),
    );
    return fault && this.#strikes(fault) ? fault.trouble : null;
  }

  /** Why a card that would pay is refused now, or null. Counts. */
  refuseCard(): CardFailure | null {
    const fault = this.#faults.find(({ trouble }) => trouble === "declined");
    return fault && this.#strikes(fault) ? declineOf(fault.decline_code) : null;
  }

  #strikes(fault: Fault): boolean {
    fault.seen += 1;
    if (fault.seen <= fault.after) return false;
    fault.struck += 1;
    if (fault.times !== null && fault.struck >= fault.times) {
      this.#faults = this.#faults.filter((other) => other !== fault);
    }
    return true;
  }
}

function fits(pattern: string, call: string): boolean {
  if (pattern === "*") return true;
  const wanted = pattern.split("/");
  const parts = call.split("/");
  return wanted.length === parts.length && wanted.every((part, at) => part === "*" || part === parts[at]);
}
