import { describe, expect, test } from "vitest";
import { sendingProgress } from "./progress";
import { counts } from "./progress.fixture";

const facts = {
  audienceFrozen: true,
  paused: null,
  later: null,
  mailTrouble: null,
  lately: { sent: 0, seconds: 0 },
};
const later = (count: number) => ({ count, minutes: 15 });

describe("the stage follows from the rows", () => {
  const paused = { reason: "Paused by the author." };
  test.each([
    ["before the audience is frozen", { ...facts, audienceFrozen: false, counts: counts({}) }, "not-started"],
    ["while rows wait", { ...facts, counts: counts({ QUEUED: 3, SENT: 1 }) }, "sending"],
    ["while the last is on its way", { ...facts, counts: counts({ SENDING: 1, SENT: 3 }) }, "sending"],
    ["with only deferred rows left", { ...facts, counts: counts({ DEFERRED: 1, SENT: 3 }) }, "waiting"],
    [
      "while each row that is left waits for its domain",
      { ...facts, later: later(2), counts: counts({ QUEUED: 2, DEFERRED: 1, SENT: 3 }) },
      "waiting",
    ],
    [
      "while some of them do",
      { ...facts, later: later(2), counts: counts({ QUEUED: 3, SENT: 3 }) },
      "sending",
    ],
    ["while it is paused", { ...facts, paused, counts: counts({ QUEUED: 1 }) }, "paused"],
    ["paused with nothing left", { ...facts, paused, counts: counts({ SENT: 1 }) }, "finished"],
    [
      "with uncertain and failed rows alone",
      { ...facts, counts: counts({ SENT: 5, UNCERTAIN: 1, FAILED: 2 }) },
      "finished",
    ],
    ["with an audience of nobody", { ...facts, counts: counts({}) }, "finished"],
  ])("%s", (_name, given, stage) => {
    expect(sendingProgress(given).stage).toBe(stage);
  });
});

test("the share, the rate and what is left are told", () => {
  const given = {
    ...facts,
    lately: { sent: 40, seconds: 60 },
    counts: counts({ QUEUED: 98, SENDING: 2, SENT: 100 }),
  };
  expect(sendingProgress(given)).toMatchObject({
    audience: 200,
    open: 100,
    share: 0.5,
    perMinute: 40,
    minutesLeft: 3,
  });
});

test("what waits for its domain is told of while it is sent", () => {
  const given = { ...facts, later: later(4), counts: counts({ QUEUED: 9, SENT: 1 }) };
  expect(sendingProgress(given)).toMatchObject({ later: later(4) });
  const paused = { reason: "Paused by the author." };
  expect(sendingProgress({ ...given, paused })).toMatchObject({ later: null });
});

test("nobody knows how long it takes while the mail server cannot be used", () => {
  const given = { ...facts, lately: { sent: 40, seconds: 60 }, counts: counts({ QUEUED: 98, SENT: 100 }) };
  expect(sendingProgress(given)).toMatchObject({ minutesLeft: 3 });
  expect(sendingProgress({ ...given, mailTrouble: "nobody answers" })).toMatchObject({ minutesLeft: null });
});

test("a sending that began seconds ago is not taken for one of a minute", () => {
  const given = { ...facts, lately: { sent: 300, seconds: 3 }, counts: counts({ QUEUED: 6_000, SENT: 300 }) };
  expect(sendingProgress(given)).toMatchObject({ perMinute: 6_000, minutesLeft: 1 });
});

test("trouble with the mail server is told while somebody waits for it, and of nothing else", () => {
  const troubled = { ...facts, mailTrouble: "nobody answers" };
  const told = (given: Parameters<typeof sendingProgress>[0]) => sendingProgress(given);
  expect(told({ ...troubled, counts: counts({ QUEUED: 1 }) })).toMatchObject({
    mailTrouble: "nobody answers",
  });
  expect(told({ ...troubled, counts: counts({ SENT: 1 }) })).toMatchObject({ mailTrouble: null });
  const paused = { reason: "Paused by the author." };
  expect(told({ ...troubled, paused, counts: counts({ QUEUED: 1 }) })).toMatchObject({ mailTrouble: null });
});

test("without a rate there is no estimate", () => {
  expect(sendingProgress({ ...facts, counts: counts({ QUEUED: 5 }) })).toMatchObject({ minutesLeft: null });
});
