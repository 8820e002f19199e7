import { beforeEach, describe, expect, test } from "vitest";
import { createMembership, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { listSubscribers } from "./queries";

const database = useTestDatabase({ emptyEachTime: true });
const day = (number: number) => new Date(Date.UTC(2026, 0, number));

describe("the list of subscribers", () => {
  beforeEach(async () => {
    const { db } = database;
    for (let index = 1; index <= 7; index += 1) {
      await createSubscriber(db, { email: `many${index}@example.com`, createdAt: day(index) });
    }
    const ada = await createSubscriber(db, {
      email: "ada@example.org",
      name: "Ada 100%",
      createdAt: day(20),
    });
    await createMembership(db, ada.id, { status: "TRIALING" });
    await createSubscriber(db, { email: "gone@example.org", status: "UNSUBSCRIBED", createdAt: day(21) });
  });

  const emails = async (filter: Parameters<typeof listSubscribers>[1]) =>
    (await listSubscribers(database.db, filter)).rows.map((row) => row.email);

  test("is newest first, with the membership and counts of all", async () => {
    const list = await listSubscribers(database.db);
    expect(list.rows.slice(0, 2)).toMatchObject([
      { email: "gone@example.org", membershipStatus: null },
      { email: "ada@example.org", membershipStatus: "TRIALING" },
    ]);
    expect(list.counts).toEqual({ PENDING: 0, CONFIRMED: 8, UNSUBSCRIBED: 1, SUPPRESSED: 0 });
  });

  test("counts what the search finds, in every status, while it shows one", async () => {
    const list = await listSubscribers(database.db, { search: "EXAMPLE.org", status: "UNSUBSCRIBED" });
    expect(list.rows.map((row) => row.email)).toEqual(["gone@example.org"]);
    expect(list).toMatchObject({ total: 1, counts: { CONFIRMED: 1, UNSUBSCRIBED: 1 } });
  });

  test("what is typed is looked for as it stands", async () => {
    expect(await emails({ search: "100%" })).toEqual(["ada@example.org"]);
    expect(await emails({ search: "%" })).toEqual(["ada@example.org"]);
    expect(await emails({ search: "many_" })).toEqual([]);
    expect(await emails({ search: "  ADA " })).toEqual(["ada@example.org"]);
  });

  test.each([
    [1, ["gone@example.org", "ada@example.org", "many7@example.com", "many6@example.com"]],
    [2, ["many5@example.com", "many4@example.com", "many3@example.com", "many2@example.com"]],
    [3, ["many1@example.com"]],
    [99, ["many1@example.com"]],
    [-5, ["gone@example.org", "ada@example.org", "many7@example.com", "many6@example.com"]],
    [Number.NaN, ["gone@example.org", "ada@example.org", "many7@example.com", "many6@example.com"]],
  ])("page %s of four rows each", async (page, expected) => {
    expect(await emails({ page, pageSize: 4 })).toEqual(expected);
  });
});
