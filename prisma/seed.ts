/**
 * Fills an empty database with the sample publication, so that a first start has something to read, to sign in to and
 * to send. Does nothing where a publication exists. Run by `npm start` on its embedded database alone.
 */
import { fileURLToPath } from "node:url";
import { DateTime } from "luxon";
import sharp from "sharp";
import { createDatabase, type Database, type Transaction } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { createDiskStorage, imageName, imagePath } from "@/lib/issues/images/storage";
import { searchableText } from "@/lib/issues/searchable-text";
import { getPublicationFacts } from "@/lib/publication/queries";
import type { Prisma } from "./generated/client";
import { SAMPLE_PUBLICATION } from "./sample/publication";
import {
  readSampleIssues,
  readSamplePictures,
  readSampleSnippets,
  type SampleIssue,
} from "./sample/sample-issues";

const READERS = 640;
const CONSENT = "sample publication";
/** All or nothing, also where a first start builds and installs beside it. */
const SLOW_MACHINE = { timeout: 120_000, maxWait: 30_000 };

/** True where it wrote the sample; false where there was a publication already. */
export async function seedSample(
  db: Database,
  options: { mediaFolder: string; now: Date },
): Promise<boolean> {
  if (await db.publication.findUnique({ where: { id: 1 } })) return false;
  const issues = await readSampleIssues(await keepPictures(db, options.mediaFolder));
  await db.$transaction(async (tx) => {
    await tx.publication.create({ data: { id: 1, ...SAMPLE_PUBLICATION } });
    for (const { name, title, body } of readSampleSnippets())
      await tx.snippet.create({ data: { name, title, body } });
    await createReaders(tx, options.now);
    for (const issue of issues) await createIssue(tx, issue);
  }, SLOW_MACHINE);
  return true;
}

async function keepPictures(db: Database, mediaFolder: string): Promise<Map<string, string>> {
  const storage = createDiskStorage(mediaFolder);
  const paths = new Map<string, string>();
  for (const { path, bytes } of await readSamplePictures()) {
    const name = imageName(bytes, "png");
    await storage.save(name, bytes);
    const { width = 0, height = 0 } = await sharp(bytes).metadata();
    const row = { name, width, height, bytes: bytes.length, sourceName: path };
    await db.image.upsert({ where: { name }, create: row, update: {} });
    paths.set(path, imagePath(name));
  }
  return paths;
}

/** Readers who joined over the last twelve weeks, two of them to sign in as: one reads free, one is a member. */
async function createReaders(tx: Transaction, now: Date): Promise<void> {
  const reader = (email: string, weeksAgo: number) => {
    const since = new Date(now.getTime() - weeksAgo * 7 * 86_400_000);
    return {
      email,
      status: "CONFIRMED" as const,
      emailVerified: true,
      source: "sample",
      consent: CONSENT,
      consentAt: since,
      confirmedAt: since,
      createdAt: since,
    };
  };
  const joined = (index: number) => 12 * (1 - Math.sqrt((index + 1) / (READERS + 1)));
  await tx.subscriber.createMany({
    data: Array.from({ length: READERS }, (_, index) =>
      reader(`reader${String(index + 1).padStart(4, "0")}@example.com`, joined(index)),
    ),
  });
  await tx.subscriber.create({ data: reader("reader@example.com", 3) });
  const member = await tx.subscriber.create({ data: reader("member@example.com", 6) });
  await tx.membership.create({
    data: { subscriberId: member.id, source: "COMP", status: "ACTIVE", startedAt: member.createdAt },
  });
}

async function createIssue(tx: Transaction, issue: SampleIssue): Promise<void> {
  const { slotTime, timeZone } = SAMPLE_PUBLICATION;
  const publishedAt = DateTime.fromISO(`${issue.date}T${slotTime}`, { zone: timeZone }).toJSDate();
  const facts = await getPublicationFacts(tx);
  const published = {
    state: "PUBLISHED" as const,
    publishedAt,
    sendsMail: false,
    frozenFacts: { ...facts, subscriberCount: `${issue.number < 7 ? issue.number : 6}00+` },
  };
  await tx.issue.create({
    data: {
      number: issue.number,
      slug: issue.slug,
      title: issue.title,
      subtitle: issue.subtitle ?? "",
      subject: issue.subject ?? "",
      preheader: issue.preheader ?? "",
      audience: issue.audience,
      body: issue.document as Prisma.InputJsonValue,
      teaserText: searchableText(issue.document, issue.audience),
      ...(issue.state === "PUBLISHED" ? published : {}),
    },
  });
}

async function main(): Promise<void> {
  const { DATABASE_URL, MEDIA_FOLDER } = getEnv();
  const db = createDatabase(DATABASE_URL, { connections: 2 });
  try {
    const seeded = await seedSample(db, { mediaFolder: MEDIA_FOLDER, now: new Date() });
    console.log(
      seeded ? `Made the sample publication, ${SAMPLE_PUBLICATION.name}.` : "There is a publication already.",
    );
  } finally {
    await db.$disconnect();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exit(1);
    },
  );
}
