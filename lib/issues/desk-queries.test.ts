import { beforeAll, expect, test } from "vitest";
import { createIssue, createPublication, createPublishedIssue } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { countShelves, type DeskShelf, getOnDesk, listOnDesk } from "./desk-queries";

const database = useTestDatabase();
const day = (number: number) => new Date(Date.UTC(2026, 10, number));

beforeAll(async () => {
  const { db } = database;
  await createPublication(db);
  for (let index = 1; index <= 27; index += 1) {
    await createPublishedIssue(db, {
      title: `Past ${index}`,
      slug: `past-${index}`,
      publishedAt: day(index),
    });
  }
  await createIssue(db, { title: "Half 50% done", slug: "half-done" });
  await createIssue(db, { title: "Later", state: "SCHEDULED", scheduledFor: day(29) });
  await createIssue(db, { title: "Sooner", state: "SCHEDULED", scheduledFor: day(28) });
  await createIssue(db, {
    title: "About",
    kind: "PAGE",
    number: null,
    state: "PUBLISHED",
    publishedAt: day(1),
  });
});

const titles = async (request: Parameters<typeof listOnDesk>[1]) =>
  (await listOnDesk(database.db, request)).issues.map((issue) => issue.title);

test("each shelf has its own issues, the next thing first", async () => {
  expect(await titles({ shelf: "drafts" })).toEqual(["Half 50% done"]);
  expect(await titles({ shelf: "scheduled" })).toEqual(["Sooner", "Later"]);
  expect(await titles({ shelf: "pages" })).toEqual(["About"]);
  expect((await titles({ shelf: "published" })).slice(0, 2)).toEqual(["Past 27", "Past 26"]);
  expect(await countShelves(database.db)).toEqual({ drafts: 1, scheduled: 2, published: 27, pages: 1 });
});

test("pages of twenty-five, and one past the end shows the last", async () => {
  const second = await listOnDesk(database.db, { shelf: "published", page: 2 });
  expect(second).toMatchObject({ total: 27, page: 2, pageCount: 2 });
  expect(second.issues.map((issue) => issue.title)).toEqual(["Past 2", "Past 1"]);
  expect(await titles({ shelf: "published", page: 9 })).toEqual(["Past 2", "Past 1"]);
  expect((await listOnDesk(database.db, { shelf: "published", page: Number.NaN })).page).toBe(1);
});

test.each<[string, DeskShelf, string[]]>([
  ["50%", "drafts", ["Half 50% done"]],
  ["%", "published", []],
  [
    "past-1",
    "published",
    [
      "Past 19",
      "Past 18",
      "Past 17",
      "Past 16",
      "Past 15",
      "Past 14",
      "Past 13",
      "Past 12",
      "Past 11",
      "Past 10",
      "Past 1",
    ],
  ],
  ["LATER", "scheduled", ["Later"]],
])("the search for %s takes it as it stands, on the shelf %s", async (search, shelf, expected) => {
  expect(await titles({ shelf, search })).toEqual(expected);
  expect((await countShelves(database.db, search))[shelf]).toBe(expected.length);
});

test("an issue that is gone is refused", async () => {
  await expect(getOnDesk(database.db, crypto.randomUUID())).rejects.toMatchObject({ code: "NOT_FOUND" });
});
