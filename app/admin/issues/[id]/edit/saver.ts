import type { Manuscript } from "@/lib/issues/open-for-editing";
import type { SaveAnswer } from "./save-answer";

export type SaveStage =
  | { name: "saved"; at: string | null }
  | { name: "unsaved" | "saving" | "offline" | "signed-out" }
  | { name: "conflict"; version: number; problem: string }
  | { name: "refused"; problem: string; fields: Readonly<Record<string, string>> };

export type Saver = {
  /** What the page holds now. Kept on this device at once, and sent when the typing rests. */
  change(manuscript: Manuscript): void;
  /** Sends now what is not saved yet; answers when that attempt is over. */
  flush(): Promise<void>;
  /** Writes over the newer state that a conflict named; that one stays a revision. */
  keepMine(): Promise<void>;
  /** Another tab saved this version. */
  hearOf(version: number): void;
  hasUnsaved(): boolean;
  stop(): void;
};

type Options = {
  version: number;
  /** Throws when there was no answer. */
  send(request: { manuscript: Manuscript; version: number; keepsReplaced: boolean }): Promise<SaveAnswer>;
  keepCopy(manuscript: Manuscript): void;
  dropCopy(): void;
  tellOtherTabs(version: number): void;
  show(stage: SaveStage): void;
};

const REST_MS = 1_500;
/** Whoever types without a pause is saved all the same. */
const LONGEST_WAIT_MS = 10_000;
const RETRY_MS = [2_000, 5_000, 15_000, 30_000];

/**
 * Saves an issue while it is written and never loses a word: whatever is not saved is on this device, a failed attempt
 * is repeated, and a newer state elsewhere stops the saving until the author has decided.
 */
export function createSaver(options: Options): Saver {
  let latest: Manuscript | null = null;
  let version = options.version;
  let dirtySince: number | null = null;
  let running: Promise<void> | null = null;
  let blocked = false;
  let keepsReplaced = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const later = (wait: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), wait);
  };

  function change(manuscript: Manuscript): void {
    latest = manuscript;
    dirtySince ??= Date.now();
    options.keepCopy(manuscript);
    if (blocked) return;
    if (!running) options.show({ name: "unsaved" });
    later(Math.max(0, Math.min(REST_MS, dirtySince + LONGEST_WAIT_MS - Date.now())));
  }

  async function flush(): Promise<void> {
    if (running) await running;
    if (latest && dirtySince !== null && !blocked) {
      running = attempt(latest).finally(() => {
        running = null;
      });
      await running;
    }
  }

  async function attempt(manuscript: Manuscript): Promise<void> {
    clearTimeout(timer);
    const since = dirtySince;
    dirtySince = null;
    options.show({ name: "saving" });
    const answer = await options.send({ manuscript, version, keepsReplaced }).catch(() => null);
    if (answer?.outcome === "saved") return settle(answer);
    dirtySince ??= since;
    if (answer?.outcome === "conflict") return block(answer.version, answer.problem);
    if (answer?.outcome === "refused") return options.show({ ...answer, name: "refused" });
    options.show({ name: answer ? "signed-out" : "offline" });
    later(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0);
    failures += 1;
  }

  function settle(answer: Extract<SaveAnswer, { outcome: "saved" }>): void {
    version = answer.version;
    keepsReplaced = false;
    failures = 0;
    options.tellOtherTabs(version);
    if (dirtySince !== null) {
      options.show({ name: "unsaved" });
      later(REST_MS);
      return;
    }
    options.dropCopy();
    options.show({ name: "saved", at: answer.savedAt });
  }

  function block(newer: number, problem: string): void {
    blocked = true;
    clearTimeout(timer);
    options.show({ name: "conflict", version: newer, problem });
    version = newer;
  }

  return {
    change,
    flush,
    async keepMine() {
      if (!blocked) return;
      blocked = false;
      keepsReplaced = true;
      dirtySince ??= Date.now();
      await flush();
    },
    hearOf(newer) {
      if (running || newer <= version) return;
      block(newer, "This issue was saved in another tab.");
    },
    hasUnsaved: () => dirtySince !== null || running !== null,
    stop: () => clearTimeout(timer),
  };
}
