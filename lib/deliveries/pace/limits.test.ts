import { expect, test } from "vitest";
import { type LimitsEnv, rateFor, readDomainRates, readRate, sendingLimitsOf } from "./limits";

const env = (values: Partial<LimitsEnv>): LimitsEnv => ({
  SEND_RATE: undefined,
  SEND_DOMAIN_RATES: undefined,
  SEND_DOMAIN_CONNECTIONS: undefined,
  WARM_UP_FROM: undefined,
  WARM_UP_FIRST_DAY: 200,
  ...values,
});

test.each([
  ["20/s", { messages: 20, perSeconds: 1 }],
  [" 300/min ", { messages: 300, perSeconds: 60 }],
  ["10000/h", { messages: 10_000, perSeconds: 3_600 }],
  ["50000/day", { messages: 50_000, perSeconds: 86_400 }],
  ["0/s", null],
  ["20", null],
  ["20/week", null],
  ["-1/s", null],
  ["1.5/s", null],
])("the rate %j reads as %j", (text, rate) => {
  expect(readRate(text)).toEqual(rate);
});

test("a domain's own rate comes before that of all others", () => {
  const limits = sendingLimitsOf(env({ SEND_DOMAIN_RATES: "Gmail.com=20/s, *=5/s" }));
  expect(rateFor("gmail.com", limits)?.messages).toBe(20);
  expect(rateFor("example.com", limits)?.messages).toBe(5);
  expect(rateFor("example.com", sendingLimitsOf(env({})))).toBeNull();
});

test.each(["gmail.com", "gmail.com=fast", "gmail=1/s", "a.com=1/s=2/s", "=1/s"])(
  "domain rates like %j are none",
  (text) => {
    expect(readDomainRates(text)).toBeNull();
    expect(() => sendingLimitsOf(env({ SEND_DOMAIN_RATES: text }))).toThrow("SEND_DOMAIN_RATES");
  },
);

test("nothing set limits nothing", () => {
  expect(sendingLimitsOf(env({}))).toEqual({
    overall: [],
    domains: new Map(),
    domainConnections: null,
    warmUp: null,
  });
});
