import { expect, test } from "vitest";
import type { Document } from "@/lib/issues/document/schema";
import { createIssue, createPublication, SAMPLE_BODY } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { listCutIssues, variantHeld } from "./free-part";
import { prepareDeliveries } from "./prepare";
import { memoryImages, NOW, PUBLISHED } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });

const words = (text: string) => ({ type: "paragraph" as const, content: [{ type: "text" as const, text }] });
const OPEN: Document = { type: "doc", content: [words("All of it.")] };
const WITH_BUTTON: Document = {
  type: "doc",
  content: [words("All of it."), { type: "upgradeButton", attrs: { label: null } }],
};

test.each<[string, boolean, Document, "EVERYONE" | "MEMBERS"]>([
  ["a paywall", true, SAMPLE_BODY, "MEMBERS"],
  ["a paywall, though it is open", true, SAMPLE_BODY, "EVERYONE"],
  ["nothing free", true, OPEN, "MEMBERS"],
  ["no paywall", false, OPEN, "EVERYONE"],
  ["no paywall, but a button that members do not get", false, WITH_BUTTON, "EVERYONE"],
])("an issue with %s was cut for all but members: %s", async (_, isCut, body, audience) => {
  const { db } = database;
  await createPublication(db);
  const issue = await createIssue(db, { ...PUBLISHED, body, audience });
  await prepareDeliveries(db, issue.id, { now: NOW, images: memoryImages() });
  await db.issue.update({ where: { id: issue.id }, data: { audience: "EVERYONE", body: OPEN } });
  expect(await listCutIssues(db, [issue.id])).toEqual(new Set(isCut ? [issue.id] : []));
});

test("an issue that was not mailed is none of them", async () => {
  const { db } = database;
  const issue = await createIssue(db);
  expect(await listCutIssues(db, [issue.id])).toEqual(new Set());
});

test.each([
  ["TEASER", true, "TEASER"],
  ["TEASER", false, "WHOLE"],
  ["WHOLE", true, "WHOLE"],
  [null, false, null],
] as const)("a copy %s of an issue that was cut (%s) holds %s", (variant, isCut, held) => {
  expect(variantHeld(variant, isCut)).toBe(held);
});
