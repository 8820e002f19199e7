import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { keyedHash } from "@/lib/tokens";
import { createPublishedIssue, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { exportSubscribers } from "./export-csv";
import { importSubscribers } from "./import-csv";
import { suppress } from "./suppress";

const database = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2026-11-20T09:00:00Z");
const TRUSTED = { now: NOW, confirmed: true, source: "Moved from another service" };

const bring = (text: string | Uint8Array, options: Partial<typeof TRUSTED> = {}) =>
  importSubscribers(database.db, Readable.from([typeof text === "string" ? Buffer.from(text) : text]), {
    ...TRUSTED,
    ...options,
  });

const statuses = async () =>
  Object.fromEntries((await database.db.subscriber.findMany()).map(({ email, status }) => [email, status]));

async function refusal(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
  throw new Error("The import was taken.");
}

describe("a list", () => {
  it("of 6,300 comes in whole in a few batches, and a second time changes nothing", async () => {
    const rows = Array.from(
      { length: 6_300 },
      (_, index) => `reader${index}@example.com,Reader ${index},2025-01-01`,
    );
    const file = ["email,name,created_at", ...rows].join("\n");
    const progress: number[] = [];
    const first = await importSubscribers(database.db, Readable.from([Buffer.from(file)]), {
      ...TRUSTED,
      onProgress: (count) => progress.push(count),
    });
    expect(first).toMatchObject({ rows: 6_300, added: 6_300, problemCount: 0, repeated: 0 });
    expect(progress).toHaveLength(7);
    const before = await database.db.subscriber.findMany({ orderBy: { id: "asc" } });
    expect(await bring(file, { now: new Date("2026-12-01T00:00:00Z") })).toMatchObject({
      added: 0,
      unchanged: 6_300,
    });
    expect(await database.db.subscriber.findMany({ orderBy: { id: "asc" } })).toEqual(before);
    expect(await database.db.notice.count()).toBe(0);
  });

  it("confirms people only with a stated source, which is kept", async () => {
    expect(await refusal(bring("email\na@example.com", { source: " " }))).toContain("Say where");
    await bring("email\nwaiting@example.com", { confirmed: false, source: "" });
    await bring("email\nsure@example.com");
    expect(await statuses()).toEqual({ "waiting@example.com": "PENDING", "sure@example.com": "CONFIRMED" });
    expect(await database.db.subscriber.findUnique({ where: { email: "sure@example.com" } })).toMatchObject({
      consent: "import: Moved from another service",
      consentAt: NOW,
    });
    expect(await bring("email\nwaiting@example.com")).toMatchObject({ confirmed: 1 });
    expect((await statuses())["waiting@example.com"]).toBe("CONFIRMED");
  });

  it("never revives somebody who left, bounced, or was erased after that", async () => {
    const { db } = database;
    const left = await createSubscriber(db, { status: "UNSUBSCRIBED", email: "left@example.com" });
    await createSubscriber(db, { email: "bounced@example.com" });
    await suppress(db, { email: "bounced@example.com", reason: "bounced" }, { now: NOW });
    for (const [email, reason] of [
      ["gone@example.com", "unsubscribed"],
      ["dead@example.com", "complained"],
    ] as const) {
      await db.suppression.create({ data: { emailHash: keyedHash("address", email), reason } });
    }
    await bring(
      "email\nleft@example.com\nbounced@example.com\ngone@example.com\ndead@example.com\nnew@example.com",
    );
    expect(await statuses()).toEqual({
      [left.email]: "UNSUBSCRIBED",
      "bounced@example.com": "SUPPRESSED",
      "gone@example.com": "UNSUBSCRIBED",
      "dead@example.com": "SUPPRESSED",
      "new@example.com": "CONFIRMED",
    });
  });

  it("confirms nobody who left or complained, was erased, and now waits for confirmation", async () => {
    const { db } = database;
    for (const [email, reason] of [
      ["left@example.com", "unsubscribed"],
      ["complained@example.com", "complained"],
    ] as const) {
      await createSubscriber(db, { email, status: "PENDING" });
      await db.suppression.create({ data: { emailHash: keyedHash("address", email), reason } });
    }
    const report = await bring("email\nleft@example.com\ncomplained@example.com");
    expect(report).toMatchObject({ confirmed: 0, suppressed: 1, unchanged: 2 });
    expect(await statuses()).toEqual({ "left@example.com": "PENDING", "complained@example.com": "PENDING" });
  });

  it("takes out people who came by import and have left elsewhere, but nobody who confirmed here", async () => {
    await bring("email\nimported@example.com");
    await createSubscriber(database.db, { email: "own@example.com", consent: "form-1" });
    const report = await bring(
      "email,status\nimported@example.com,unsubscribed\nown@example.com,unsubscribed",
    );
    expect(report).toMatchObject({ left: 1, unchanged: 1 });
    expect(await statuses()).toEqual({
      "imported@example.com": "UNSUBSCRIBED",
      "own@example.com": "CONFIRMED",
    });
  });

  it("takes a thousand out, and confirms a thousand, in a few statements, and mails nobody who left", async () => {
    const { db } = database;
    const emails = Array.from({ length: 1_000 }, (_, index) => `reader${index}@example.com`);
    await bring(["email", ...emails].join("\n"));
    const issue = await createPublishedIssue(db);
    const somebody = await db.subscriber.findFirstOrThrow();
    await db.delivery.create({
      data: { issueId: issue.id, subscriberId: somebody.id, state: "QUEUED", messageId: "1" },
    });
    let operations = 0;
    const counted = db.$extends({
      query: {
        $allOperations({ args, query }) {
          operations += 1;
          return query(args);
        },
      },
    }) as unknown as typeof db;
    const waiting = emails.map((email) => `waiting.${email}`);
    await bring(["email", ...waiting].join("\n"), { confirmed: false });
    const file = [
      "email,status",
      ...emails.map((email) => `${email},unsubscribed`),
      ...waiting.map((email) => `${email},subscribed`),
    ];
    const report = await importSubscribers(counted, Readable.from([Buffer.from(file.join("\n"))]), TRUSTED);
    expect(report).toMatchObject({ left: 1_000, confirmed: 1_000, unchanged: 0 });
    expect(operations).toBeLessThan(20);
    expect(await db.delivery.findFirst()).toMatchObject({
      state: "SKIPPED",
      reply: "unsubscribed by an imported list",
    });
  });

  it("counts an address once, whatever its case, and lists each bad row with its line", async () => {
    const report = await bring(
      [
        "Email,Name",
        "a@example.com,Ann",
        "A@Example.com,Ann again",
        ",Nobody",
        "not an address,X",
        '"b@example.com\nc@example.com",Two',
        "x@deletion-request.substack.com,Gone",
        "d@example.com,Dora",
      ].join("\r\n"),
    );
    expect(report).toMatchObject({ rows: 7, added: 2, repeated: 1, problemCount: 4 });
    expect(report.problems.map((problem) => problem.line)).toEqual([4, 5, 7, 8]);
    expect(report.problems[0]?.problem).toBe("No address.");
  });
});

describe("headings of other services", () => {
  it.each([
    [
      "Substack",
      "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at",
      "a@example.com,false,,other,false,2025-03-01T10:00:00.000Z,",
      "CONFIRMED",
    ],
    [
      "Substack, mail off",
      "email,active_subscription,email_disabled,created_at",
      "a@example.com,false,TRUE,2025-03-01T10:00:00.000Z",
      "UNSUBSCRIBED",
    ],
    [
      "Ghost",
      "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at",
      "1,a@example.com,Ann,,true,false,2025-03-01T10:00:00.000Z",
      "CONFIRMED",
    ],
    [
      "Ghost, mail off",
      "id,email,name,subscribed_to_emails,created_at",
      "1,a@example.com,Ann,false,2025-03-01T10:00:00.000Z",
      "UNSUBSCRIBED",
    ],
    [
      "beehiiv",
      "email,First Name,Last Name,status,tier,created_at,unsubscribed_at",
      "a@example.com,Ann,Lee,active,free,2025-03-01T10:00:00.000Z,",
      "CONFIRMED",
    ],
    [
      "beehiiv, left",
      "email,status,created_at,unsubscribed_at",
      "a@example.com,active,2025-03-01T10:00:00.000Z,2025-04-01T10:00:00.000Z",
      "UNSUBSCRIBED",
    ],
    [
      "Mailchimp, cleaned",
      "Email Address,First Name,Last Name,Status,OPTIN_TIME",
      "a@example.com,Ann,Lee,Cleaned,2025-03-01 10:00:00",
      "SUPPRESSED",
    ],
    ["semicolons", "email;name;created_at", "a@example.com;Ann;2025-03-01 10:00:00", "CONFIRMED"],
    ["tabs", "email\tname\tcreated_at", "a@example.com\tAnn\t2025-03-01 10:00:00", "CONFIRMED"],
  ])("%s", async (_service, headings, row, status) => {
    expect(await bring(`${headings}\n${row}\n`)).toMatchObject({ added: 1, problemCount: 0 });
    const subscriber = await database.db.subscriber.findFirstOrThrow();
    expect(subscriber).toMatchObject({
      email: "a@example.com",
      status,
      createdAt: new Date("2025-03-01T10:00:00Z"),
    });
  });

  it("keeps a semicolon inside a name of a list with commas", async () => {
    await bring("email,name\na@example.com,Ann; of Green Gables");
    expect((await database.db.subscriber.findFirstOrThrow()).name).toBe("Ann; of Green Gables");
  });
});

describe("hostile files", () => {
  const withName = (name: string) => `email,name\na@example.com,"${name}"`;

  it.each([
    ["UTF-8 with its mark", Buffer.from(`\ufeff${withName("Zoë")}`), "utf-8"],
    ["UTF-16 of Windows", Buffer.from(`\ufeff${withName("Zoë")}`, "utf16le"), "utf-16le"],
    ["UTF-16 the other way", Buffer.from(`\ufeff${withName("Zoë")}`, "utf16le").swap16(), "utf-16be"],
    ["Latin-1", Buffer.from(withName("Zoë"), "latin1"), "windows-1252"],
    ["old Mac and Unix line ends", Buffer.from(withName("Zoë").replace("\n", "\r")), "utf-8"],
  ])("%s is read", async (_what, bytes, encoding) => {
    expect(await bring(bytes)).toMatchObject({ added: 1, encoding });
    expect((await database.db.subscriber.findFirstOrThrow()).name).toBe("Zoë");
  });

  it("reads a letter that two chunks share", async () => {
    const bytes = Buffer.from(withName("Zoë"));
    const at = bytes.indexOf(0xc3) + 1;
    await importSubscribers(database.db, Readable.from([bytes.subarray(0, at), bytes.subarray(at)]), TRUSTED);
    expect((await database.db.subscriber.findFirstOrThrow()).name).toBe("Zoë");
  });

  it.each([
    ["", "empty"],
    ["name,phone\nAnn,1", '"email"'],
    ["email,Email\na@example.com,b@example.com", "Two columns"],
    [`email,${Array.from({ length: 80 }, (_, index) => `c${index}`).join(",")}\n`, "columns"],
    ["email,name\na@example.com,\0", "not a text file"],
    ["PK\u0003\u0004\0\0\0", "not a text file"],
    ['email,name\na@example.com,"never closed\nb@example.com,x', "not sound CSV at line"],
    [`email,name\na@example.com,"${"x".repeat(400_000)}"`, "not sound CSV at line"],
  ])("%j is refused with a reason", async (file, reason) => {
    expect(await refusal(bring(file))).toContain(reason);
  });

  it("reports rows that are too wide or too long and takes the others", async () => {
    const report = await bring(
      `email,name\na@example.com${",x".repeat(80)}\nb@example.com,${"y".repeat(5_000)}\nc@example.com,Cy\nd@example.com`,
    );
    expect(report).toMatchObject({ added: 2, problemCount: 2 });
  });

  it("keeps names short and free of what turns text around", async () => {
    await bring(`email,name\na@example.com,"\u202eevil\u200b  ${"😀".repeat(100)}"`);
    const { name } = await database.db.subscriber.findFirstOrThrow();
    expect([...name]).toHaveLength(80);
    expect(name).toMatch(/^evil 😀/u);
    expect(name.isWellFormed()).toBe(true);
  });
});

describe("an export", () => {
  async function exported(): Promise<string> {
    let text = "";
    for await (const chunk of exportSubscribers(database.db)) text += chunk;
    return text;
  }

  it("holds nothing that a spreadsheet would run", async () => {
    const names = ['=HYPERLINK("http://x.test")', "+1", "-1", "@SUM(A1)", "\tx", "＝1+1", "|cmd"];
    for (const name of names) await createSubscriber(database.db, { name });
    const cells = (await exported())
      .split("\r\n")
      .slice(1)
      .map((line) => line.split('","')[1] ?? "");
    for (const cell of cells.slice(0, 6)) expect(cell).toMatch(/^'/);
  });

  it("comes back in as it was", async () => {
    for (const status of ["PENDING", "CONFIRMED", "UNSUBSCRIBED", "SUPPRESSED"] as const) {
      await createSubscriber(database.db, {
        status,
        email: `${status.toLowerCase()}@example.com`,
        name: '-Ann; "A", Lee',
      });
    }
    const file = await exported();
    const before = await statuses();
    await database.db.subscriber.deleteMany();
    expect(await bring(file)).toMatchObject({ added: 4, problemCount: 0 });
    expect(await statuses()).toEqual(before);
    expect((await database.db.subscriber.findFirstOrThrow()).name).toBe('-Ann; "A", Lee');
  });

  it("of an empty list is its headings", async () => {
    expect(await exported()).toBe(
      '"email","name","status","created_at","confirmed_at","unsubscribed_at","membership","source"\r\n',
    );
  });
});
