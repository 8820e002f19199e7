import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EMPTY_DOCUMENT } from "@/lib/issues/document/schema";
import type { Manuscript } from "@/lib/issues/open-for-editing";
import type { SaveAnswer } from "./save-answer";
import { createSaver, type SaveStage } from "./saver";

const MANUSCRIPT: Manuscript = {
  issueId: "0199",
  version: 1,
  title: "",
  subtitle: "",
  subject: "",
  preheader: "",
  slug: "issue-1",
  number: 1,
  audience: "EVERYONE",
  document: EMPTY_DOCUMENT,
};
const titled = (title: string): Manuscript => ({ ...MANUSCRIPT, title });
const saved = (version: number): SaveAnswer => ({
  outcome: "saved",
  version,
  savedAt: "2026-11-24T09:00:00Z",
});
const conflict: SaveAnswer = { outcome: "conflict", version: 7, problem: "Changed elsewhere." };

function set(...answers: (SaveAnswer | Error | Promise<SaveAnswer>)[]) {
  const sent: { title: string; version: number; keepsReplaced: boolean }[] = [];
  const stages: SaveStage[] = [];
  const copies: (string | null)[] = [];
  const told: number[] = [];
  const saver = createSaver({
    version: 1,
    async send({ manuscript, version, keepsReplaced }) {
      sent.push({ title: manuscript.title, version, keepsReplaced });
      const answer = answers.shift();
      if (!answer || answer instanceof Error) throw answer ?? new Error("no more answers");
      return answer;
    },
    keepCopy: ({ title }) => copies.push(title),
    dropCopy: () => copies.push(null),
    tellOtherTabs: (version) => told.push(version),
    show: (stage) => stages.push(stage),
  });
  return { saver, sent, stages, copies, told, stage: () => stages.at(-1)?.name };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("while the author writes", () => {
  test("the last state is sent once the typing rests, and the copy goes when it is saved", async () => {
    const { saver, sent, copies, told, stage } = set(saved(2));
    saver.change(titled("A"));
    saver.change(titled("AB"));
    await vi.advanceTimersByTimeAsync(1_499);
    expect(sent).toEqual([]);
    expect(saver.hasUnsaved()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([{ title: "AB", version: 1, keepsReplaced: false }]);
    expect(copies).toEqual(["A", "AB", null]);
    expect(told).toEqual([2]);
    expect(stage()).toBe("saved");
    expect(saver.hasUnsaved()).toBe(false);
  });

  test("somebody who never rests is saved after ten seconds", async () => {
    const { saver, sent } = set(saved(2), saved(3));
    for (let second = 0; second < 11; second += 1) {
      saver.change(titled(`${second}`));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(sent).toHaveLength(1);
  });

  test("what is typed during a save is sent after it, on top of the new version", async () => {
    let finish: (answer: SaveAnswer) => void = () => {};
    const slow = new Promise<SaveAnswer>((resolve) => {
      finish = resolve;
    });
    const { saver, sent, copies, stage } = set(slow, saved(3));
    saver.change(titled("A"));
    const flushed = saver.flush();
    saver.change(titled("AB"));
    finish(saved(2));
    await flushed;
    expect(stage()).toBe("unsaved");
    expect(copies).not.toContain(null);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(sent.at(-1)).toEqual({ title: "AB", version: 2, keepsReplaced: false });
    expect(stage()).toBe("saved");
  });
});

describe("when a save fails", () => {
  test("without a connection it is repeated until it works, and the copy stays", async () => {
    const { saver, sent, copies, stage } = set(new Error("offline"), new Error("offline"), saved(2));
    saver.change(titled("A"));
    await saver.flush();
    expect(stage()).toBe("offline");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(copies).toEqual(["A"]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toHaveLength(3);
    expect(stage()).toBe("saved");
  });

  test("after a session ended it is repeated, so that signing in elsewhere is enough", async () => {
    const { saver, stage } = set({ outcome: "signed-out" }, saved(2));
    saver.change(titled("A"));
    await saver.flush();
    expect(stage()).toBe("signed-out");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(stage()).toBe("saved");
  });

  test("a refused field waits for the next change", async () => {
    const refused: SaveAnswer = { outcome: "refused", problem: "No.", fields: { slug: "Taken." } };
    const { saver, sent, stages, stage } = set(refused, saved(2));
    saver.change(titled("A"));
    await saver.flush();
    expect(stages.at(-1)).toMatchObject({ name: "refused", fields: { slug: "Taken." } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(saver.hasUnsaved()).toBe(true);
    saver.change(titled("AB"));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(stage()).toBe("saved");
  });
});

describe("when another tab was faster", () => {
  test("nothing more is sent until the author decides, and what is typed is kept", async () => {
    const { saver, sent, copies, stage } = set(conflict, saved(8));
    saver.change(titled("Mine"));
    await saver.flush();
    expect(stage()).toBe("conflict");
    saver.change(titled("Mine, more"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(copies.at(-1)).toBe("Mine, more");
    await saver.keepMine();
    expect(sent.at(-1)).toEqual({ title: "Mine, more", version: 7, keepsReplaced: true });
    expect(stage()).toBe("saved");
  });

  test("it is heard of before anything is written over", async () => {
    const { saver, sent, stage } = set();
    saver.hearOf(2);
    expect(stage()).toBe("conflict");
    saver.change(titled("Mine"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);
    expect(saver.hasUnsaved()).toBe(true);
  });

  test("news of a version that is known changes nothing", () => {
    const { saver, stages } = set();
    saver.hearOf(1);
    expect(stages).toEqual([]);
  });
});
