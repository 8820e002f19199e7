import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { emptyState, listTables, type State } from "./state";

const FORMAT = 1;
const PAUSE_MS = 200;

export interface Storage {
  /** Says that the state has changed; it is saved soon, and many changes at once. */
  changed(): void;
  /** Saves what is left. Rejects when the file cannot be written. */
  close(): Promise<void>;
}

/** Reads a saved state; a missing file is an empty one. Throws when the file is there and is not a saved state. */
export async function loadState(file: string | undefined): Promise<State> {
  const state = emptyState(0);
  const text = file === undefined ? null : await readIfThere(file);
  if (text === null) return state;
  const saved: unknown = parse(text);
  if (typeof saved !== "object" || saved === null || !("format" in saved) || saved.format !== FORMAT) {
    throw new Error(
      `${file} is not a saved state of this Stripe sandbox. Move it away to start with an empty one.`,
    );
  }
  if ("clockOffset" in saved && typeof saved.clockOffset === "number") state.clockOffset = saved.clockOffset;
  const tables = new Map<string, unknown>(Object.entries(saved));
  for (const [name, table] of listTables(state)) {
    const rows = tables.get(name);
    if (!Array.isArray(rows)) continue;
    for (const row of rows) if (Array.isArray(row)) table.set(String(row[0]), row[1]);
  }
  return state;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** The state as one JSON text: tables as lists of [id, object], in order. */
export function serialiseState(state: State): string {
  const tables = listTables(state).map(([name, table]) => [name, [...table]]);
  return JSON.stringify({ format: FORMAT, clockOffset: state.clockOffset, ...Object.fromEntries(tables) });
}

/** Saves `state` to `file` a moment after each change, whole or not at all. Without a file it does nothing. */
export function keepSaved(
  state: State,
  file: string | undefined,
  onError: (error: unknown) => void,
): Storage {
  if (file === undefined) return { changed: () => {}, close: async () => {} };
  let dirty = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    timer = undefined;
    const next = writing.then(async () => {
      if (!dirty) return;
      dirty = false;
      await replaceFile(file, serialiseState(state));
    });
    writing = next.catch(() => {
      dirty = true;
    });
    return next;
  };
  return {
    changed() {
      dirty = true;
      timer ??= setTimeout(() => void save().catch(onError), PAUSE_MS);
    },
    async close() {
      clearTimeout(timer);
      await save();
    },
  };
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, text, { mode: 0o600 });
  await rename(fresh, file);
}
