/** Sending over real SMTP to a server that can be told to misbehave, for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { Signer } from "@/lib/mail/dkim";
import { createMailer, type Mailer } from "@/lib/mail/mailer";
import { type Fault, startTestServer, type TestServer } from "@/lib/mail/smtp.fixture";
import type { useTestDatabase } from "@/prisma/test-database";
import { type Journal, openJournal } from "./journal";
import { type Ledger, openLedger } from "./ledger";
import { hearNews } from "./news";
import { NO_LIMITS, type SendingLimits } from "./pace/limits";
import { sendDeliveries } from "./send";

type TestDatabase = ReturnType<typeof useTestDatabase>;

class Sending {
  folder!: string;
  server!: TestServer;
  mailer!: Mailer;
  journal!: Journal;
  signer: Signer | null = null;
  limits: SendingLimits = NO_LIMITS;
  /** What stands between the worker and its ledger. */
  ledgerThrough: (ledger: Ledger) => Ledger = (ledger) => ledger;
  private readonly database: TestDatabase;

  constructor(database: TestDatabase) {
    this.database = database;
  }

  async startServer(fault: (to: string, time: number) => Fault | null = () => null, connections = 4) {
    await this.start({ fault }, connections);
  }

  async start(options: Parameters<typeof startTestServer>[0], connections = 4) {
    this.server = await startTestServer(options);
    this.mailer = createMailer(this.server.url, { connections, answerTimeoutMs: 2_000 });
    this.journal = openJournal(this.folder);
  }

  /** Sends until `done` holds, then stops in good order. */
  async until(done: () => Promise<boolean> | boolean): Promise<void> {
    const { signer, limits, mailer, journal, database } = this;
    const stop = new AbortController();
    const ledger = openLedger(database.url, { connections: 3 });
    const news = hearNews(database.url);
    const services = {
      ledger: this.ledgerThrough(ledger),
      news,
      signer,
      limits,
      mailer,
      journal,
      signal: stop.signal,
      pollMs: 20,
    };
    const ended = sendDeliveries(database.db, services);
    try {
      await vi.waitFor(async () => expect(await done()).toBe(true), { timeout: 15_000, interval: 25 });
    } finally {
      stop.abort();
      await ended;
      await Promise.all([ledger.close(), news.close()]);
    }
  }

  readonly nothingOpen = async (): Promise<boolean> => {
    const { db } = this.database;
    return (await db.delivery.count({ where: { state: { in: ["QUEUED", "SENDING"] } } })) === 0;
  };
}

/** What a test started or replaced is closed after it, and the next one begins anew. */
export function useSending(database: TestDatabase): Sending {
  const sending = new Sending(database);
  beforeEach(() => {
    sending.folder = mkdtempSync(join(tmpdir(), "masthead-send-"));
    sending.signer = null;
    sending.limits = NO_LIMITS;
    sending.ledgerThrough = (ledger) => ledger;
  });
  afterEach(async () => {
    await sending.mailer.close();
    await sending.server.close();
    rmSync(sending.folder, { recursive: true, force: true });
  });
  return sending;
}
