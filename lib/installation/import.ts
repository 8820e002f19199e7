/**
 * Fills an empty installation from the archive of another one, in one transaction: all of it or nothing. Refuses where
 * there are issues or people already, so it never runs twice. Nothing that it brings is mailed by itself: scheduled
 * issues come as drafts, and what had not been mailed waits for the author.
 */
import { unzipSync } from "fflate";
import { ZodError } from "zod";
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { parseDocument } from "@/lib/issues/document/schema";
import { type ImageFormat, type ImageStorage, imageName } from "@/lib/issues/images/storage";
import { log } from "@/lib/log";
import { Prisma } from "@/prisma/generated/client";
import { FORMAT, ISSUES, LISTS, MANIFEST, manifestSchema, PICTURES } from "./archive-format";
import { secretMark } from "./export";
import { asBounce, asFrozenMail, fillMailed, fillStatusLines } from "./sending-history";

export type ImportedInstallation = {
  issues: number;
  subscribers: number;
  memberships: number;
  suppressions: number;
  usedTrials: number;
  deliveries: number;
  pictures: number;
  /** What is not as it was, in words. */
  notes: string[];
};

const LONGEST_MS = 30 * 60_000;
const BATCH = 1_000;

type Entries = Record<string, Uint8Array>;
type Row = Record<string, unknown>;

/** Throws CONFLICT where something is here already, INVALID for a file that is no sound archive. */
export async function importInstallation(
  db: Database,
  zip: Uint8Array,
  services: { storage: ImageStorage },
): Promise<ImportedInstallation> {
  const entries = open(zip);
  const manifest = readManifest(entries);
  const notes: string[] = [];
  const issues = readIssues(entries, notes);
  const pictures = readPictures(entries);
  await refuseUnlessEmpty(db);
  for (const { name, bytes } of pictures) await services.storage.save(name, bytes);
  const counts = await db.$transaction(
    async (tx) => {
      await refuseUnlessEmpty(tx);
      return fill(tx, entries, issues, new Date(manifest.madeAt));
    },
    { timeout: LONGEST_MS, isolationLevel: "Serializable" },
  );
  if (manifest.secretMark !== secretMark()) notes.push(...unknownHere(counts));
  log.info({ event: "installation.imported", ...counts, pictures: pictures.length });
  return { ...counts, pictures: pictures.length, notes };
}

/** What keyed hashes no longer tell under another AUTH_SECRET. */
function unknownHere({ suppressions, usedTrials }: { suppressions: number; usedTrials: number }): string[] {
  const words = (count: number, what: string, risk: string) =>
    count === 0
      ? []
      : [
          `${count} ${what} of people who were erased are known only under the AUTH_SECRET of the other installation. Set the same one here, or they could ${risk}.`,
        ];
  return [
    ...words(suppressions, "suppressed addresses", "be mailed again"),
    ...words(usedTrials, "trials", "have a second one"),
  ];
}

async function refuseUnlessEmpty(tx: Database | Transaction): Promise<void> {
  const [issues, subscribers, suppressions] = [
    await tx.issue.count(),
    await tx.subscriber.count(),
    await tx.suppression.count(),
  ];
  if (issues + subscribers + suppressions === 0) return;
  throw new DomainError(
    "CONFLICT",
    `There are ${issues} issues and ${subscribers} subscribers here already. An archive goes into an empty installation only.`,
  );
}

function invalid(message: string, cause?: unknown): DomainError {
  return new DomainError("INVALID", message, cause === undefined ? {} : { cause });
}

function open(zip: Uint8Array): Entries {
  try {
    return unzipSync(zip);
  } catch (cause) {
    throw invalid("This file is no archive of Masthead, or it is not whole.", cause);
  }
}

function readManifest(entries: Entries) {
  const parsed = manifestSchema.safeParse(parseJson(entries, MANIFEST));
  if (!parsed.success) throw invalid("This file is no archive of Masthead.", parsed.error);
  if (parsed.data.format > FORMAT)
    throw invalid("This archive was made by a newer version of Masthead. Upgrade this one first.");
  return parsed.data;
}

function parseJson(entries: Entries, name: string): unknown {
  const bytes = entries[name];
  if (!bytes) throw invalid(`The archive has no ${name}.`);
  return parseText(new TextDecoder().decode(bytes), name);
}

function parseText(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`${name} in the archive cannot be read.`, cause);
  }
}

function readList(entries: Entries, name: string): Row[] {
  const bytes = entries[name];
  if (!bytes) throw invalid(`The archive has no ${name}.`);
  const lines = new TextDecoder().decode(bytes).split("\n").filter(Boolean);
  return lines.map((line, index) => asRow(parseText(line, `${name}, line ${index + 1},`), name));
}

/** Of lists that came later: an archive from before does not hold them. */
function readLaterList(entries: Entries, name: string): Row[] {
  return entries[name] ? readList(entries, name) : [];
}

function asRow(value: unknown, name: string): Row {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(`${name} in the archive cannot be read.`);
  return value as Row;
}

function readIssues(entries: Entries, notes: string[]): Row[] {
  const names = Object.keys(entries).filter((name) => name.startsWith(ISSUES) && name.endsWith(".json"));
  return names.map((name) => {
    const issue = asRow(parseJson(entries, name), name);
    const document = parseDocument(issue.body);
    if (!document.ok) throw invalid(`${name} in the archive holds no sound issue.`);
    return withoutMail({ ...issue, body: document.document }, notes);
  });
}

/** Its mail was sent from the other installation, or is the author's to send. */
function withoutMail(issue: Row, notes: string[]): Row {
  if (issue.state === "SCHEDULED") {
    notes.push(`“${String(issue.title)}” was scheduled and came as a draft. Schedule it again.`);
    return { ...issue, state: "DRAFT", scheduledFor: null };
  }
  if (issue.state !== "PUBLISHED" || issue.audienceFrozenAt) return issue;
  return { ...issue, sendsMail: false, scheduledFor: null };
}

function readPictures(entries: Entries): { name: string; bytes: Uint8Array }[] {
  return readList(entries, LISTS.images).map((row) => {
    const name = String(row.name);
    const bytes = entries[`${PICTURES}${name}`];
    const format = name.slice(name.lastIndexOf(".") + 1) as ImageFormat;
    if (!bytes || imageName(bytes, format) !== name)
      throw invalid(`The picture ${name} is missing or damaged.`);
    return { name, bytes };
  });
}

async function fill(
  tx: Transaction,
  entries: Entries,
  issues: Row[],
  madeAt: Date,
): Promise<Omit<ImportedInstallation, "pictures" | "notes">> {
  const [publication] = readList(entries, LISTS.publication);
  if (!publication) throw invalid("The archive holds no publication.");
  const subscribers = readList(entries, LISTS.subscribers);
  const memberships = readList(entries, LISTS.memberships);
  const suppressions = readList(entries, LISTS.suppressions);
  const usedTrials = readLaterList(entries, LISTS.usedTrials);
  let deliveries = 0;
  try {
    await tx.publication.deleteMany();
    await tx.publication.create({ data: publication as Prisma.PublicationCreateInput });
    await tx.snippet.deleteMany();
    await inBatches<Prisma.SnippetCreateManyInput>(readList(entries, LISTS.snippets), (data) =>
      tx.snippet.createMany({ data }),
    );
    await inBatches<Prisma.AuthorCreateManyInput>(readList(entries, LISTS.authors), (data) =>
      tx.author.createMany({ data, skipDuplicates: true }),
    );
    await inBatches<Prisma.SuppressionCreateManyInput>(suppressions, (data) =>
      tx.suppression.createMany({ data }),
    );
    await inBatches<Prisma.UsedTrialCreateManyInput>(usedTrials, (data) => tx.usedTrial.createMany({ data }));
    await inBatches<Prisma.ImageCreateManyInput>(readList(entries, LISTS.images), (data) =>
      tx.image.createMany({ data, skipDuplicates: true }),
    );
    await inBatches<Prisma.SubscriberCreateManyInput>(subscribers, (data) =>
      tx.subscriber.createMany({ data }),
    );
    await inBatches<Prisma.MembershipCreateManyInput>(memberships, (data) =>
      tx.membership.createMany({ data }),
    );
    await fillMoney(tx, entries);
    await inBatches<Prisma.IssueCreateManyInput>(issues.map(withJson), (data) =>
      tx.issue.createMany({ data }),
    );
    deliveries = await fillSendingHistory(tx, entries, madeAt);
  } catch (error) {
    throw asInvalid(error);
  }
  return {
    issues: issues.length,
    subscribers: subscribers.length,
    memberships: memberships.length,
    suppressions: suppressions.length,
    usedTrials: usedTrials.length,
    deliveries,
  };
}

async function fillMoney(tx: Transaction, entries: Entries): Promise<void> {
  const rows = (name: keyof typeof LISTS) => readLaterList(entries, LISTS[name]);
  await inBatches<Prisma.GiftCreateManyInput>(rows("gifts"), (data) => tx.gift.createMany({ data }));
  await inBatches<Prisma.MembershipChangeCreateManyInput>(
    rows("membershipChanges").map((change) => ({ ...change, before: change.before ?? Prisma.DbNull })),
    (data) => tx.membershipChange.createMany({ data }),
  );
  await inBatches<Prisma.PaymentCreateManyInput>(rows("payments"), (data) => tx.payment.createMany({ data }));
  await inBatches<Prisma.MoveInCreateManyInput>(rows("moveIns"), (data) => tx.moveIn.createMany({ data }));
  await inBatches<Prisma.KeptPriceCreateManyInput>(rows("keptPrices"), (data) =>
    tx.keptPrice.createMany({ data }),
  );
}

/** Answers how many deliveries there were. */
async function fillSendingHistory(tx: Transaction, entries: Entries, madeAt: Date): Promise<number> {
  const rows = (name: keyof typeof LISTS) => readLaterList(entries, LISTS[name]);
  await inBatches<Prisma.StatusLineCreateManyInput>(rows("statusLines"), (data) => fillStatusLines(tx, data));
  await inBatches<Prisma.FrozenMailCreateManyInput>(rows("frozenMails").map(asFrozenMail), (data) =>
    tx.frozenMail.createMany({ data }),
  );
  await inBatches<Prisma.BounceCreateManyInput>(rows("bounces").map(asBounce), (data) =>
    tx.bounce.createMany({ data }),
  );
  return fillMailed(tx, eachLine(entries, LISTS.mailed), { startedAt: madeAt });
}

/** One by one: there may be millions. */
function* eachLine(entries: Entries, name: string): Generator<Row> {
  const bytes = entries[name] ?? new Uint8Array();
  const decoder = new TextDecoder();
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    yield asRow(parseText(decoder.decode(line), name), name);
    start += line.length + 1;
  }
}

/** Prisma tells apart a column that is null and JSON that is. */
function withJson(issue: Row): Row {
  return { ...issue, frozenFacts: issue.frozenFacts ?? Prisma.DbNull };
}

/** Rows are what this installation's own schema accepts: Prisma checks every field before it writes. */
async function inBatches<Input>(
  rows: readonly object[],
  create: (data: Input[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH)
    await create(rows.slice(start, start + BATCH) as Input[]);
}

function asInvalid(error: unknown): unknown {
  const ours =
    error instanceof ZodError ||
    error instanceof Prisma.PrismaClientValidationError ||
    (error instanceof Prisma.PrismaClientKnownRequestError && ["P2002", "P2003"].includes(error.code));
  return ours ? invalid("Rows of the archive do not fit this version of Masthead.", error) : error;
}
