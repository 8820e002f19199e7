/** The sentences that mails end with, each kept once: what a reader was told can be shown again word for word. */
import { Prisma } from "@/prisma/generated/client";
import type { Ledger } from "./ledger";

const KEPT = 1_000;

/** Gives each sentence its number; the same one has the same number for every worker. */
export function createStatusLines(ledger: Ledger): (text: string) => Promise<number> {
  const known = new Map<string, Promise<number>>();
  return (text) => {
    const number = known.get(text);
    if (number) return number;
    const asked = keep(ledger, text);
    if (known.size >= KEPT) known.clear();
    known.set(text, asked);
    asked.catch(() => known.delete(text));
    return asked;
  };
}

async function keep(ledger: Ledger, text: string): Promise<number> {
  const [row] = await ledger.query<{ id: number }>(Prisma.sql`
    INSERT INTO "StatusLine" (text) VALUES (${text})
    ON CONFLICT (text) DO UPDATE SET text = EXCLUDED.text RETURNING id`);
  if (!row) throw new Error("The sentence was not kept.");
  return row.id;
}
