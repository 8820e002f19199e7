import { afterEach, expect, test, vi } from "vitest";
import { memoryImages, PUBLISHED } from "@/lib/deliveries/sending.fixture";
import { createIssue, createPublication } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { prepareWaiting, type WorkerServices } from "./work";

const database = useTestDatabase({ emptyEachTime: true });
afterEach(() => vi.unstubAllGlobals());

test("an issue's page is renewed once more when its mail is ready to leave", async () => {
  const { db } = database;
  await createPublication(db);
  const issue = await createIssue(db, PUBLISHED);
  const announced: unknown[] = [];
  vi.stubGlobal("fetch", async (_url: string, { body }: { body: string }) => {
    const { audienceFrozenAt } = await db.issue.findUniqueOrThrow({ where: { id: issue.id } });
    announced.push({ frozen: audienceFrozenAt !== null, tags: JSON.parse(body).tags });
    return new Response(null, { status: 204 });
  });
  const services = { db, images: memoryImages() } as unknown as WorkerServices;
  await prepareWaiting(services);
  await prepareWaiting(services);
  expect(announced).toEqual([{ frozen: true, tags: [`issue:${issue.slug}`] }]);
});
