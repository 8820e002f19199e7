import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { dkimVerify } from "mailauth/lib/dkim/verify";
import DKIM from "nodemailer/lib/dkim";
import { beforeAll, describe, expect, test } from "vitest";
import { createSigner, type DkimKey, hashBody, readDkimKey, signMessage } from "./dkim";
import { issueHeaders } from "./headers";
import { prepareBody, writeMessage } from "./mime";

const pemOf = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();
const own = { domain: "news.example.com", selector: "m1" };

let rsa: { key: DkimKey; pem: string; record: string };
let ed25519: { key: DkimKey; record: string };

beforeAll(() => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = pemOf(pair.privateKey);
  const published = pair.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  rsa = { key: readDkimKey({ ...own, pem }), pem, record: `v=DKIM1; k=rsa; p=${published}` };
  const edPair = generateKeyPairSync("ed25519");
  const raw = edPair.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
  ed25519 = {
    key: readDkimKey({ ...own, pem: pemOf(edPair.privateKey) }),
    record: `v=DKIM1; k=ed25519; p=${raw}`,
  };
});

/** What mailauth, which shares no code with ours, says of the only signature. */
async function verdict(message: Buffer, record: string) {
  const { results } = await dkimVerify(message, {
    resolver: async (name: string) => {
      expect(name).toBe("m1._domainkey.news.example.com");
      return [[record]];
    },
  });
  expect(results).toHaveLength(1);
  return results[0]?.status.result;
}

const head = (more = "") =>
  `From: The Gazette <weekly@news.example.com>\r\nTo: reader@example.net\r\nSubject: Issue 4\r\n${more}`;

const BODIES: [name: string, body: string][] = [
  ["empty", ""],
  ["one line end", "\r\n"],
  ["only line ends", "\r\n\r\n\r\n"],
  ["only spaces", "  \t \r\n"],
  ["plain", "Hello\r\n"],
  ["no line end", "Hello"],
  ["dots", ".\r\n..\r\n.hidden\r\n\r\n.\r\n"],
  ["trailing blank lines", "Hello\r\n\r\n\r\n\r\n"],
  ["trailing blank lines of spaces", "Hello\r\n \r\n\t\r\n"],
  ["runs of white space", " a  b\t\tc \t d\te  \r\n\t\r\n   x \r\n"],
  ["UTF-8", "Grüße, naïve 🗞️\u00a0 \r\n"],
  ["a long line", `${"word ".repeat(190)}\r\n`],
  ["a carriage return alone", "a\rb \rc\r\n"],
];

describe.each(BODIES)("a body: %s", (_name, body) => {
  test.each([
    ["RSA", () => rsa],
    ["Ed25519", () => ed25519],
  ])("signed by %s is verified, and no longer once a word was added", async (_algorithm, of) => {
    const { key, record } = of();
    const signed = signMessage(Buffer.from(`${head()}\r\n${body}`), key);
    expect(await verdict(signed, record)).toBe("pass");
    const tampered = Buffer.concat([signed, Buffer.from("\r\nmore\r\n")]);
    expect(await verdict(tampered, record)).not.toBe("pass");
  });

  test("hashes as Nodemailer hashes it", async () => {
    const signed = await signedByNodemailer(`${head()}\r\n${body}`);
    expect(signed).toContain(`bh=${hashBody(Buffer.from(body))};`);
  });
});

async function signedByNodemailer(message: string): Promise<string> {
  const dkim = new DKIM({ domainName: own.domain, keySelector: own.selector, privateKey: rsa.pem });
  const chunks: Buffer[] = [];
  for await (const chunk of dkim.sign(message)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString("latin1")
    .replace(/\r\n[ \t]+/g, "");
}

test.each([
  ["folded", "X-Long: a\r\n\tb\r\n  c\r\nList-Id: The  Gazette\r\n  <weekly.news.example.com>\r\n"],
  ["with spaces around the colon", "List-Unsubscribe-Post :  List-Unsubscribe=One-Click  \r\n"],
  ["in odd case", "LIST-id: <weekly.news.example.com>\r\nmime-VERSION: 1.0\r\n"],
  ["as raw UTF-8", "Feedback-ID: für\r\n"],
  ["twice", "List-Id: <a.example.com>\r\nList-Id: <b.example.com>\r\n"],
  ["empty", "Reply-To:\r\n"],
])("header fields %s are verified", async (_name, fields) => {
  const signed = signMessage(Buffer.from(`${head(fields)}\r\nHello\r\n`), rsa.key);
  expect(await verdict(signed, rsa.record)).toBe("pass");
});

function issueMail(): Buffer {
  const headers = issueHeaders({
    issueId: "0193-a",
    sender: { name: "Zeitung für alle", address: "weekly@news.example.com", replyTo: "tess@example.com" },
    to: "reader@example.net",
    subject: `Ein langer Betreff mit Umlauten: ${"schöne Wörter ".repeat(12)}`,
    messageId: "<a.b@news.example.com>",
    date: new Date("2026-11-20T09:00:00Z"),
    publicationName: "Zeitung für alle",
    publicUrl: "https://news.example.com",
    oneClickUrl: `https://news.example.com/api/unsubscribe?token=${"x".repeat(90)}`,
  });
  return writeMessage(headers, prepareBody({ text: "Hallo\n\n.\n", html: "<p>Hallo</p>", seed: "1" }), null);
}

test("an issue's signature covers both unsubscribe fields, and From, which nobody may then add", async () => {
  const signed = signMessage(issueMail(), rsa.key);
  expect(await verdict(signed, rsa.record)).toBe("pass");
  const h = /\bh=([^;]*);/.exec(signed.toString("latin1"))?.[1] ?? "";
  const names = h.split(":").map((name) => name.trim().toLowerCase());
  expect(names).toEqual(
    expect.arrayContaining(["list-unsubscribe", "list-unsubscribe-post", "list-id", "to"]),
  );
  expect(names.filter((name) => name === "from")).toHaveLength(2);
  for (const line of signed.toString("latin1").split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
  for (const added of ["From: Mallory <m@evil.example>", "Subject: Win", "Reply-To: m@evil.example"]) {
    const forged = Buffer.concat([Buffer.from(`${added}\r\n`), signed]);
    expect(await verdict(forged, rsa.record)).not.toBe("pass");
  }
});

test("a retry has the same bytes", () => {
  for (const { key } of [rsa, ed25519]) {
    expect(signMessage(issueMail(), key).equals(signMessage(issueMail(), key))).toBe(true);
  }
});

test.each([
  ["no empty line", "From: a@b.example\r\n"],
  ["no From", "To: a@b.example\r\n\r\nx"],
  ["two From", "From: a@b.example\r\nFrom: c@d.example\r\n\r\nx"],
  ["a line that is no field", "From: a@b.example\r\nnonsense\r\n\r\nx"],
])("what nobody could verify is not signed: %s", (_name, message) => {
  expect(() => signMessage(Buffer.from(message), rsa.key)).toThrow(RangeError);
});

test.each([
  ["no PEM", () => "nonsense"],
  ["a public key", () => generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" })],
  ["a short RSA key", () => pemOf(generateKeyPairSync("rsa", { modulusLength: 512 }).privateKey)],
  ["an elliptic curve", () => pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey)],
])("a key that no receiver would take is refused: %s", (_name, pem) => {
  expect(() => readDkimKey({ ...own, pem: pem() })).toThrow(RangeError);
});

describe.each([1, 2])("a signer on %d cores", (cores) => {
  test("gives each message the bytes that signing it alone gives", async () => {
    const messages = Array.from({ length: 25 }, (_, index) => Buffer.from(`${head()}\r\nHello ${index}\r\n`));
    for (const { key } of [rsa, ed25519]) {
      const signer = createSigner(key, { cores });
      const signed = await Promise.all(messages.map((message) => signer.sign(message)));
      const expected = messages.map((message) => signMessage(message, key));
      expect(signed.map(digest)).toEqual(expected.map(digest));
      await signer.close();
    }
  });

  test("closes after what it was given, goes on after a bad one, and takes nothing more", async () => {
    const signer = createSigner(rsa.key, { cores });
    let done = 0;
    const good = Array.from({ length: 9 }, async () => {
      await signer.sign(Buffer.from(`${head()}\r\nHello\r\n`));
      done += 1;
    });
    await expect(signer.sign(Buffer.from("nonsense"))).rejects.toThrow(RangeError);
    await signer.close();
    await Promise.all(good);
    expect(done).toBe(9);
    await expect(signer.sign(Buffer.from(`${head()}\r\n`))).rejects.toThrow("closed");
    await signer.close();
  });
});

const digest = (message: Buffer) => createHash("sha256").update(message).digest("hex");
