/**
 * Writes the whole installation as one ZIP: settings, snippets, authors, issues, people, memberships with their history
 * and payments, gifts, suppressions, what was mailed to whom and came back, and pictures, all of one moment. Changes
 * nothing. Holds no sessions, sign-in codes, feed addresses or secrets, and no mail that still waits to be sent.
 */
import { Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { stringify } from "yaml";
import type { Database, Transaction } from "@/lib/db";
import { renderMarkdown } from "@/lib/issues/document/render-markdown";
import type { ImageStorage } from "@/lib/issues/images/storage";
import { readStoredDocument } from "@/lib/issues/stored-document";
import { keyedHash } from "@/lib/tokens";
import type { Issue } from "@/prisma/generated/client";
import { FORMAT, ISSUES, LISTS, MANIFEST, PICTURES } from "./archive-format";
import { listMailed } from "./sending-history";

export type ExportReport = {
  issues: number;
  subscribers: number;
  memberships: number;
  suppressions: number;
  /** Rows of the ledger. */
  deliveries: number;
  pictures: number;
  /** What the archive lacks, in words. */
  notes: string[];
};

const PAGE = 1_000;
const LONGEST_MS = 30 * 60_000;

/** Hands the archive over in chunks, in order. Throws what `write` throws. */
export async function exportInstallation(
  db: Database,
  services: { storage: ImageStorage; now: Date },
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<ExportReport> {
  const archive = new Archive(write);
  const manifest = { format: FORMAT, madeAt: services.now.toISOString(), secretMark: secretMark() };
  await archive.add(MANIFEST, JSON.stringify(manifest, null, 2));
  const report = await db.$transaction((tx) => addEverything(tx, services.storage, archive), {
    isolationLevel: "RepeatableRead",
    timeout: LONGEST_MS,
  });
  await archive.end();
  return report;
}

/** Equal where AUTH_SECRET is equal; says nothing else about it. */
export function secretMark(): string {
  return keyedHash("address", "installation").slice(0, 16);
}

async function addEverything(
  tx: Transaction,
  storage: ImageStorage,
  archive: Archive,
): Promise<ExportReport> {
  const list = (name: string, rows: readonly object[]) => archive.add(name, rows.map(asLine).join(""));
  await list(LISTS.publication, await tx.publication.findMany());
  await list(LISTS.snippets, await tx.snippet.findMany({ orderBy: { name: "asc" } }));
  await list(LISTS.authors, await tx.author.findMany({ orderBy: { email: "asc" } }));
  const suppressions = await tx.suppression.findMany({ orderBy: { emailHash: "asc" } });
  await list(LISTS.suppressions, suppressions);
  await list(LISTS.usedTrials, await tx.usedTrial.findMany({ orderBy: { emailHash: "asc" } }));
  const subscribers = await archive.addPages(LISTS.subscribers, (after) =>
    tx.subscriber.findMany({
      omit: { feedToken: true },
      orderBy: { id: "asc" },
      take: PAGE,
      ...(after === undefined ? {} : { where: { id: { gt: after } } }),
    }),
  );
  const memberships = await tx.membership.findMany({ orderBy: { subscriberId: "asc" } });
  await list(LISTS.memberships, memberships);
  await addMoney(tx, archive, list);
  const issues = await tx.issue.findMany({ orderBy: { createdAt: "asc" } });
  for (const issue of issues) {
    await archive.add(`${ISSUES}${issue.slug}.json`, JSON.stringify(issue, null, 2));
    await archive.add(`${ISSUES}${issue.slug}.md`, asMarkdown(issue));
  }
  const deliveries = await addSendingHistory(tx, archive, list);
  const { pictures, notes } = await addPictures(tx, storage, archive);
  const open = await tx.delivery.count({ where: { state: { in: ["QUEUED", "SENDING", "DEFERRED"] } } });
  if (open > 0)
    notes.push(
      `${open} mails still wait to be sent from here. The archive does not hold them: let them finish.`,
    );
  return {
    issues: issues.length,
    subscribers,
    memberships: memberships.length,
    suppressions: suppressions.length,
    deliveries,
    pictures,
    notes,
  };
}

/** What was sold, paid and decided, and who moves in: a person's story is to be told there as it is here. */
async function addMoney(
  tx: Transaction,
  archive: Archive,
  list: (name: string, rows: readonly object[]) => Promise<void>,
): Promise<void> {
  const from = (after: string | undefined) => ({
    orderBy: { id: "asc" as const },
    take: PAGE,
    ...(after === undefined ? {} : { where: { id: { gt: after } } }),
  });
  await archive.addPages(LISTS.gifts, (after) => tx.gift.findMany(from(after)));
  await archive.addPages(LISTS.membershipChanges, (after) => tx.membershipChange.findMany(from(after)));
  await archive.addPages(LISTS.payments, (after) => tx.payment.findMany(from(after)));
  await list(LISTS.moveIns, await tx.moveIn.findMany({ orderBy: { subscriberId: "asc" } }));
  await list(LISTS.keptPrices, await tx.keptPrice.findMany({ orderBy: { id: "asc" } }));
}

/** Answers how many deliveries there are. */
async function addSendingHistory(
  tx: Transaction,
  archive: Archive,
  list: (name: string, rows: readonly object[]) => Promise<void>,
): Promise<number> {
  await list(LISTS.statusLines, await tx.statusLine.findMany({ orderBy: { id: "asc" } }));
  await list(LISTS.frozenMails, await tx.frozenMail.findMany({ orderBy: { issueId: "asc" } }));
  const deliveries = await archive.addPages(LISTS.mailed, (after) => listMailed(tx, after));
  await archive.addPages(LISTS.bounces, (after) =>
    tx.bounce.findMany({
      orderBy: { id: "asc" },
      take: PAGE,
      ...(after === undefined ? {} : { where: { id: { gt: after } } }),
    }),
  );
  return deliveries;
}

async function addPictures(
  tx: Transaction,
  storage: ImageStorage,
  archive: Archive,
): Promise<{ pictures: number; notes: string[] }> {
  const images = await tx.image.findMany({ orderBy: { name: "asc" } });
  const kept: object[] = [];
  const notes: string[] = [];
  for (const image of images) {
    const bytes = await storage.read(image.name);
    if (!bytes) {
      notes.push(
        `The picture ${image.name} (${image.sourceName || "no name"}) is not in the pictures' folder.`,
      );
      continue;
    }
    await archive.addAsIs(`${PICTURES}${image.name}`, bytes);
    kept.push(image);
  }
  await archive.add(LISTS.images, kept.map(asLine).join(""));
  return { pictures: kept.length, notes };
}

/** With the front matter that an import of Markdown reads. */
function asMarkdown(issue: Issue): string {
  const head = {
    title: issue.title,
    subtitle: issue.subtitle,
    subject: issue.subject,
    preheader: issue.preheader,
    slug: issue.slug,
    number: issue.number,
    audience: issue.audience,
    date: issue.publishedAt?.toISOString(),
  };
  const said = Object.entries(head).filter(([, value]) => value !== "" && value != null);
  return `---\n${stringify(Object.fromEntries(said))}---\n\n${renderMarkdown(readStoredDocument(issue.body))}`;
}

function asLine(row: object): string {
  const text = (_name: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return `${JSON.stringify(row, text)}\n`;
}

/** A ZIP that is handed over as it grows, so that it is never in memory as a whole. */
class Archive {
  readonly #write: (chunk: Uint8Array) => Promise<void>;
  readonly #zip: Zip;
  #ready: Uint8Array[] = [];
  #failure: Error | null = null;

  constructor(write: (chunk: Uint8Array) => Promise<void>) {
    this.#write = write;
    this.#zip = new Zip((error, chunk) => {
      if (error) this.#failure = error;
      else this.#ready.push(chunk);
    });
  }

  async add(name: string, text: string): Promise<void> {
    const entry = new ZipDeflate(name, { level: 6 });
    this.#zip.add(entry);
    entry.push(new TextEncoder().encode(text), true);
    await this.#flush();
  }

  /** For what is compressed already. */
  async addAsIs(name: string, bytes: Uint8Array): Promise<void> {
    const entry = new ZipPassThrough(name);
    this.#zip.add(entry);
    entry.push(bytes, true);
    await this.#flush();
  }

  /** One object a line, page by page; answers how many. */
  async addPages<Row extends { id: string }>(
    name: string,
    page: (after: string | undefined) => Promise<Row[]>,
  ): Promise<number> {
    const entry = new ZipDeflate(name, { level: 6 });
    this.#zip.add(entry);
    let count = 0;
    let after: string | undefined;
    for (;;) {
      const rows = await page(after);
      count += rows.length;
      after = rows.at(-1)?.id;
      entry.push(new TextEncoder().encode(rows.map(asLine).join("")), rows.length === 0);
      await this.#flush();
      if (rows.length === 0) return count;
    }
  }

  async end(): Promise<void> {
    this.#zip.end();
    await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#failure) throw this.#failure;
    const chunks = this.#ready;
    this.#ready = [];
    for (const chunk of chunks) await this.#write(chunk);
  }
}
