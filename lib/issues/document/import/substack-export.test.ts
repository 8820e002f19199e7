import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { ImportRefused } from "./import-notes";
import { readSubstackExport } from "./substack-export";
import { describeSubstackExport } from "./substack-report";

const POSTS_HEAD =
  "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url";
const LIST_HEAD = "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at";

const POSTS = [
  "300.night-shift-2,2025-02-14T13:00:00.000Z,TRUE,2025-02-14T13:00:09.000Z,,newsletter,only_paid,Night Shift 2: Foxes,Who &amp; where,",
  "200.night-shift-1,2025-02-07T13:00:00.000Z,true,,,newsletter,everyone,Night Shift 1: Owls,,",
  "100.about,2025-01-01T09:00:00.000Z,true,,,page,everyone,About,,",
  "400.night-shift-3-draft,,FALSE,,,newsletter,everyone,Night Shift 3 (draft),,",
];
const BODIES = {
  "posts/200.night-shift-1.html": "<p>Owls turn.</p>",
  "posts/300.night-shift-2.html": '<p>Foxes walk.</p><div class="paywall-jump"></div><p>And run.</p>',
  "posts/100.about.html": "<p>About us.</p>",
};
const LIST = [
  "ada@example.com,true,2026-12-01T00:00:00.000Z,monthly,false,2024-01-02T08:00:00.000Z,2025-01-01T10:00:00.000Z",
  "bo@example.com,false,,other,false,2024-02-02T08:00:00.000Z,",
];

type Files = Record<string, string | Uint8Array>;

function csv(head: string, rows: readonly string[]): string {
  return [head, ...rows, ""].join("\n");
}

/** A low `level` packs what is large or of many parts in a fraction of the time. */
function zip(
  changes: Files = {},
  options: { folder?: string; without?: string[]; level?: 0 | 1 } = {},
): Uint8Array {
  const files: Files = {
    "posts.csv": csv(POSTS_HEAD, POSTS),
    "email_list.nightshift.csv": csv(LIST_HEAD, LIST),
    ...BODIES,
    ...changes,
  };
  const entries = Object.entries(files).filter(([name]) => !options.without?.includes(name));
  const folder = options.folder ?? "";
  return zipSync(
    Object.fromEntries(
      entries.map(([name, content]) => [
        folder + name,
        typeof content === "string" ? strToU8(content) : content,
      ]),
    ),
    { level: options.level ?? 6 },
  );
}

const withPosts = (...rows: string[]) => zip({ "posts.csv": csv(POSTS_HEAD, [...POSTS, ...rows]) });
const withList = (...rows: string[]) =>
  zip({ "email_list.nightshift.csv": csv(LIST_HEAD, [...LIST, ...rows]) });
const paragraph = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });

describe("an export", () => {
  test("comes in whole: issues, pages and drafts, oldest first", () => {
    const found = readSubstackExport(zip());
    expect(found.issues).toEqual([
      expect.objectContaining({
        importKey: "substack:100",
        kind: "PAGE",
        slug: "about",
        number: null,
        state: "PUBLISHED",
      }),
      expect.objectContaining({
        importKey: "substack:200",
        kind: "ISSUE",
        slug: "night-shift-1",
        number: 1,
        audience: "EVERYONE",
      }),
      {
        importKey: "substack:300",
        kind: "ISSUE",
        slug: "night-shift-2",
        title: "Night Shift 2: Foxes",
        subtitle: "Who & where",
        number: 2,
        date: new Date("2025-02-14T13:00:00.000Z"),
        state: "PUBLISHED",
        audience: "MEMBERS",
        document: {
          type: "doc",
          content: [paragraph("Foxes walk."), { type: "paywall" }, paragraph("And run.")],
        },
      },
      expect.objectContaining({
        importKey: "substack:400",
        number: 3,
        state: "DRAFT",
        date: null,
        document: { type: "doc", content: [{ type: "paragraph" }] },
      }),
    ]);
    expect(found).toMatchObject({ seriesName: "Night Shift", skipped: [], notes: [] });
  });

  test("read twice gives the same twice", () => {
    expect(readSubstackExport(zip())).toEqual(readSubstackExport(zip()));
  });

  test("in a folder of its own reads the same", () => {
    expect(readSubstackExport(zip({}, { folder: "export 2025/" }))).toEqual(readSubstackExport(zip()));
  });

  test.each([
    ["with a byte order mark", (text: string) => strToU8(`\uFEFF${text}`)],
    ["in UTF-16 with its mark", (text: string) => new Uint8Array(Buffer.from(`\uFEFF${text}`, "utf16le"))],
    ["with Windows line ends", (text: string) => strToU8(text.replaceAll("\n", "\r\n"))],
  ])("%s reads the same", (_name, encode) => {
    const changed = {
      "posts.csv": encode(csv(POSTS_HEAD, POSTS)),
      "email_list.nightshift.csv": encode(csv(LIST_HEAD, LIST)),
    };
    expect(readSubstackExport(zip(changed))).toEqual(readSubstackExport(zip()));
  });

  test("that is not UTF-8 is read as Windows-1252, and says so", () => {
    const latin = Uint8Array.from(
      Buffer.from(csv(POSTS_HEAD, ["500.cafe,2025-03-01,true,,,page,everyone,Café,,"]), "latin1"),
    );
    const found = readSubstackExport(zip({ "posts.csv": latin, "posts/500.cafe.html": "<p>x</p>" }));
    expect(found.issues.map(({ title }) => title)).toEqual(["Café"]);
    expect(found.notes[0]).toMatchObject({ what: "posts.csv" });
  });

  test("uses the series it is told, or none", () => {
    const numbers = (seriesName: string | null) =>
      readSubstackExport(zip(), { seriesName }).issues.map(({ number }) => number);
    expect(numbers("night shift")).toEqual([null, 1, 2, 3]);
    expect(numbers("Another")).toEqual([null, null, null, null]);
    expect(numbers(null)).toEqual([null, null, null, null]);
  });
});

describe("posts", () => {
  test.each([
    ["a thread", "600.ask,2025-03-01,true,,,thread,everyone,Ask,,", /thread/],
    ["a podcast", "600.pod,2025-03-01,true,,,podcast,everyone,Pod,,", /podcast/],
    ["a new kind", "600.x,2025-03-01,true,,,hologram,everyone,X,,", /"hologram"/],
    ["a published one without text", "600.new,2025-03-01,true,,,newsletter,everyone,New,,", /no text for it/],
    ["one without a number", "new,2025-03-01,true,,,newsletter,everyone,New,,", /look at post_id/],
    ["one with a broken date", "600.new,soon,true,,,newsletter,everyone,New,,", /look at post_date/],
    ["one listed twice", "200.again,2025-03-01,true,,,newsletter,everyone,Again,,", /second time/],
  ])("%s is skipped, and the others come in", (_name, row, why) => {
    const found = readSubstackExport(withPosts(row));
    expect(found.issues).toHaveLength(4);
    expect(found.skipped).toEqual([{ what: expect.stringMatching(/\S/), why: expect.stringMatching(why) }]);
  });

  test("a body that no row lists is reported by its name", () => {
    const { skipped } = readSubstackExport(zip({ "posts/999.lost.html": "<p>x</p>" }));
    expect(skipped).toEqual([{ what: "999.lost.html", why: "posts.csv does not list it." }]);
  });

  test.each([
    ["founding", "MEMBERS", 0],
    ["only_free", "EVERYONE", 1],
    ["somebody", "MEMBERS", 1],
  ])("for %s become issues for %s", (audience, expected, notes) => {
    const found = readSubstackExport(withPosts(`500.x,2020-01-01,false,,,newsletter,${audience},X,,`));
    expect(found.issues[0]?.audience).toBe(expected);
    expect(found.notes).toHaveLength(notes);
  });

  test("with one address or number between two keep both issues", () => {
    const found = readSubstackExport(
      withPosts("500.night-shift-1,2026-01-01,false,,,newsletter,everyone,Night Shift 1: Again,,"),
    );
    const again = found.issues.find(({ importKey }) => importKey === "substack:500");
    expect(again).toMatchObject({ slug: "night-shift-1-500", number: null });
    expect(found.notes).toHaveLength(2);
  });

  test("whose body is refused are skipped with the reason", () => {
    const found = readSubstackExport(zip({ "posts/200.night-shift-1.html": "<div>".repeat(500) }));
    expect(found.issues).toHaveLength(3);
    expect(found.skipped).toEqual([
      { what: "“Night Shift 1: Owls”", why: expect.stringContaining("nested") },
    ]);
  });
});

describe("subscribers", () => {
  test("come with what they have", () => {
    expect(readSubstackExport(zip()).subscribers).toEqual([
      {
        email: "ada@example.com",
        joinedAt: new Date("2024-01-02T08:00:00.000Z"),
        emailDisabled: false,
        membership: { kind: "PAID", until: new Date("2026-12-01T00:00:00.000Z") },
        plan: "monthly",
        stripeCustomerId: null,
        firstPaymentAt: new Date("2025-01-01T10:00:00.000Z"),
      },
      expect.objectContaining({ email: "bo@example.com", membership: { kind: "NONE", until: null } }),
    ]);
  });

  test("with a gift for life have a membership without an end", () => {
    const found = readSubstackExport(
      withList("cy@example.com,true,2118-01-01T00:00:00.000Z,comp,false,2024-01-02T08:00:00.000Z,"),
    );
    expect(found.subscribers[2]?.membership).toEqual({ kind: "COMP", until: null });
  });

  test.each([
    ["an empty address", ",false,,other,false,2024-02-02T08:00:00.000Z,", /no address/],
    [
      "a deletion request",
      "123@deletion-request.substack.com,false,,other,false,,",
      /asked Substack to be deleted/,
    ],
    ["no address at all", "not-an-address,false,,other,false,,", /address was not taken/],
    ["a quoted address", '"""quoted, comma""@example.com",false,,other,false,,', /address was not taken/],
    ["a broken date", "cy@example.com,false,,other,false,yesterday,", /look at created_at/],
    ["a broken flag", "cy@example.com,perhaps,,other,false,,", /look at active_subscription/],
    ["stray quotes", 'cy"x"@example.com,false,,other,false,,', /address was not taken/],
    ["a quote that is never closed", '"cy@example.com,false,,other,false,,', /not readable as CSV/],
  ])("with %s are reported by line, and the others come in", (_name, row, why) => {
    const found = readSubstackExport(withList(row));
    expect(found.subscribers).toHaveLength(2);
    expect(found.skipped).toEqual([
      {
        what: expect.stringMatching(/^email_list\.nightshift\.csv, line 4$/),
        why: expect.stringMatching(why),
      },
    ]);
    expect(JSON.stringify(found.skipped)).not.toContain("@");
  });

  test("after a row whose quote is never closed are all read", () => {
    const later = Array.from({ length: 9_000 }, (_, index) => `r${index}@example.com,false,,other,false,,`);
    const found = readSubstackExport(withList("", '"cy@example.com,false,,other,false,,', ...later));
    expect(found.subscribers).toHaveLength(9_002);
    expect(found.skipped.map(({ what }) => what)).toEqual(["email_list.nightshift.csv, line 5"]);
  });

  test("between an unclosed quote and a quoted row are all read", () => {
    const found = readSubstackExport(
      withList(
        "",
        '"cy@example.com,false',
        "di@example.com,false,,other,false,,",
        '"ed@example.com",false,,other,false,,',
      ),
    );
    expect(found.subscribers.map(({ email }) => email)).toEqual(
      expect.arrayContaining(["di@example.com", "ed@example.com"]),
    );
    expect(found.skipped.map(({ what }) => what)).toEqual(["email_list.nightshift.csv, line 5"]);
  });

  test("with one address in two spellings become one, mail off where either says so", () => {
    const found = readSubstackExport(withList("ADA@Example.com,false,,other,true,2023-01-01T00:00:00.000Z,"));
    expect(found.subscribers).toHaveLength(2);
    expect(found.subscribers[0]).toMatchObject({
      email: "ada@example.com",
      emailDisabled: true,
      joinedAt: new Date("2023-01-01T00:00:00.000Z"),
      membership: { kind: "PAID" },
    });
    expect(found.skipped).toHaveLength(1);
  });

  test("of the separate paid list bring their Stripe customer; members of a group come in free", () => {
    const paid = csv("email,expiry,email_disabled,prefer_digests,stripe_connected_customer_id,type", [
      "ada@example.com,2026-12-01T00:00:00.000Z,FALSE,FALSE,cus_ada1,paid",
      "cy@example.com,2026-12-01T00:00:00.000Z,FALSE,FALSE,,paid",
      "di@example.com,2026-12-01T00:00:00.000Z,FALSE,FALSE,,gift",
    ]);
    const found = readSubstackExport(zip({ "Subscribers.csv": paid }));
    expect(
      found.subscribers.map(({ membership, stripeCustomerId }) => [membership.kind, stripeCustomerId]),
    ).toEqual([
      ["PAID", "cus_ada1"],
      ["NONE", null],
      ["NONE", null],
      ["GIFT", null],
    ]);
    expect(found.notes).toEqual([
      { what: "Subscribers.csv, line 3", message: expect.stringContaining("group") },
    ]);
  });

  test("of the older list are read as well", () => {
    const old = csv("email,active_subscription,expiry,email_disabled,digest_enabled,created_at", [
      "ada@example.com,TRUE,2026-12-01,FALSE,FALSE,2024-01-02",
    ]);
    expect(readSubstackExport(zip({ "email_list.nightshift.csv": old })).subscribers).toMatchObject([
      { membership: { kind: "PAID" } },
    ]);
  });
});

describe("a zip that is not what it should be", () => {
  const declared = (bytes: Uint8Array, change: (view: DataView, entry: number) => void) => {
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    let at = view.getUint32(copy.length - 6, true);
    while (view.getUint32(at, true) === 0x02014b50) {
      change(view, at);
      at +=
        46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return copy;
  };

  test.each<[string, () => Uint8Array, RegExp]>([
    ["no zip", () => strToU8("posts.csv"), /not a zip file/],
    ["empty", () => new Uint8Array(), /not a zip file/],
    ["of something else", () => zipSync({ "holiday.jpg": strToU8("x") }), /no Substack export/],
    ["cut off", () => zip().slice(40), /damaged|not a zip/],
    [
      "too large unpacked",
      () => zip({ "posts/1.bomb.html": new Uint8Array(101 * 1024 * 1024) }, { level: 1 }),
      /more than 100 MB/,
    ],
    [
      "lying about its sizes",
      () =>
        declared(zip({ "posts.csv": "x".repeat(500_000) }), (view, at) => view.setUint32(at + 24, 9, true)),
      /damaged/,
    ],
    ["changed on the way", () => declared(zip(), (view, at) => view.setUint32(at + 16, 1, true)), /checksum/],
    ["locked", () => declared(zip(), (view, at) => view.setUint16(at + 8, 1, true)), /password/],
    [
      "of too many files",
      () =>
        zipSync(
          Object.fromEntries(
            Array.from({ length: 10_001 }, (_, index) => [`${index}.txt`, new Uint8Array()]),
          ),
          { level: 0 },
        ),
      /10,000 files/,
    ],
    ["of broken rows", () => withList(...Array<string>(200).fill('"cy')), /more than 100 rows/],
    ["without a head line", () => zip({ "posts.csv": "" }), /posts.csv is empty/],
    ["of too many columns", () => zip({ "posts.csv": csv("a,".repeat(100), []) }), /64 columns/],
  ])("because it is %s is refused with its reason", (_name, make, reason) => {
    const bytes = make();
    expect(() => readSubstackExport(bytes)).toThrow(ImportRefused);
    expect(() => readSubstackExport(bytes)).toThrow(reason);
  });

  test("never names a path: only the last part of a name counts", () => {
    const found = readSubstackExport(
      zip({ "../../etc/200.night-shift-1.html": "<p>Other</p>", "/posts/..\\999.evil.html": "x" }),
    );
    expect(found.issues).toHaveLength(4);
    expect(found.skipped.map(({ what }) => what)).toEqual(["200.night-shift-1.html", "999.evil.html"]);
  });
});

test("the report tells a person what came in, what did not, and why", () => {
  const found = readSubstackExport(withList(",false,,,false,,", ",false,,,false,,"));
  expect(describeSubstackExport(found)).toBe(`Read 3 issues (1 draft) and 1 page, numbered as “Night Shift”.
Read 2 subscribers: 1 member, 0 with mail switched off.

Skipped (2):
  email_list.nightshift.csv, line 4; email_list.nightshift.csv, line 5
    The row has no address.
`);
});
