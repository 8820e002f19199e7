/**
 * Signs whole messages by DKIM (RFC 6376, RSA-SHA256 as RFC 8301 wants it, Ed25519-SHA256 as RFC 8463), relaxed in
 * header and body. Pure: the same message and key give the same bytes, because a retry sends what was sent before, so
 * the signature names no time. Messages come as they go over the wire, with CRLF line ends.
 */
import { createPrivateKey, hash, type KeyObject, sign } from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

export type DkimAlgorithm = "rsa-sha256" | "ed25519-sha256";

export type DkimKey = {
  /** What `d=` says: the domain that answers for the mail, aligned with From's. */
  domain: string;
  selector: string;
  algorithm: DkimAlgorithm;
  privateKey: KeyObject;
};

/** The private key as PEM, PKCS 8 or PKCS 1. Throws a RangeError that says what is wrong and holds no key. */
export function readDkimKey(input: { domain: string; selector: string; pem: string | Buffer }): DkimKey {
  const { domain, selector, pem } = input;
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new RangeError("This is no private key in PEM form.");
  }
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (privateKey.asymmetricKeyType === "ed25519") {
    return { domain, selector, algorithm: "ed25519-sha256", privateKey };
  }
  if (privateKey.asymmetricKeyType !== "rsa") throw new RangeError("DKIM knows RSA and Ed25519 keys.");
  if (bits < 1024)
    throw new RangeError("An RSA key of less than 1024 bits is believed by nobody (RFC 8301).");
  return { domain, selector, algorithm: "rsa-sha256", privateKey };
}

/** Every one of these that a message has is covered. */
const SIGNED = [
  "From",
  "Reply-To",
  "Subject",
  "Date",
  "To",
  "Message-ID",
  "MIME-Version",
  "Content-Type",
  "Content-Transfer-Encoding",
  "List-Unsubscribe",
  "List-Unsubscribe-Post",
  "List-Id",
  "List-Archive",
  "Feedback-ID",
];

/** Named once more than they stand, so that none can be added on the way (RFC 6376 8.15). */
const SEALED = new Set(["from", "reply-to", "subject", "date", "to"]);

/** The message with a `DKIM-Signature` before it. Throws a RangeError when it has no header or no single From. */
export function signMessage(message: Buffer, key: DkimKey): Buffer {
  const { unsigned, data } = prepare(message, key);
  return finish(message, unsigned, sign(digestOf(key), toSign(data, key), key.privateKey));
}

export type Signer = {
  /** As many at once as are asked for: what is to be sent soon is best signed while others are on their way. */
  sign(message: Buffer): Promise<Buffer>;
  /** Resolves when nothing is being signed any more; what comes later is refused. */
  close(): Promise<void>;
};

const signAside = promisify<string | undefined, Buffer, KeyObject, Buffer>(sign);

/**
 * Signs beside the main thread, on the threads that Node keeps for such work (UV_THREADPOOL_SIZE, 4 unless told
 * otherwise): only the RSA goes there, since to copy a message to another thread costs as much as to hash it. On one
 * core, and for Ed25519, which is faster than the way there, it signs at once.
 */
export function createSigner(key: DkimKey, options: { cores?: number } = {}): Signer {
  const cores = options.cores ?? availableParallelism();
  const aside = cores > 1 && key.algorithm === "rsa-sha256";
  let working = 0;
  let closing = false;
  let allDone = () => {};

  async function signWhole(message: Buffer): Promise<Buffer> {
    if (!aside) return signMessage(message, key);
    const { unsigned, data } = prepare(message, key);
    return finish(message, unsigned, await signAside(digestOf(key), toSign(data, key), key.privateKey));
  }

  return {
    async sign(message) {
      if (closing) throw new Error("The signer is closed.");
      working += 1;
      try {
        return await signWhole(message);
      } finally {
        working -= 1;
        if (working === 0) allDone();
      }
    },
    async close() {
      closing = true;
      if (working > 0) await new Promise<void>((resolve) => (allDone = resolve));
    },
  };
}

/** RFC 8463 3: Ed25519 signs the SHA-256 of the data and hashes it in its own way. */
function digestOf(key: DkimKey): "sha256" | undefined {
  return key.algorithm === "rsa-sha256" ? "sha256" : undefined;
}

function toSign(data: Buffer, key: DkimKey): Buffer {
  return key.algorithm === "rsa-sha256" ? data : hash("sha256", data, "buffer");
}

const EMPTY_LINE = Buffer.from("\r\n\r\n");

function prepare(message: Buffer, key: DkimKey): { unsigned: string; data: Buffer } {
  const end = message.indexOf(EMPTY_LINE);
  if (end < 0) throw new RangeError("A message without an empty line has no end of its header.");
  const fields = splitFields(message.toString("latin1", 0, end));
  const covered = coveredFields(fields);
  const unsigned = signatureField(covered, hashBody(message.subarray(end + EMPTY_LINE.length)), key);
  const signed = covered.flatMap(({ canonical }) => (canonical === null ? [] : [canonical]));
  return { unsigned, data: Buffer.from([...signed, relaxField(unsigned)].join("\r\n"), "latin1") };
}

function finish(message: Buffer, unsigned: string, signature: Buffer): Buffer {
  const lines = signature.toString("base64").match(/.{1,72}/g) ?? [];
  return Buffer.concat([Buffer.from(`${unsigned}${lines.join("\r\n ")}\r\n`, "latin1"), message]);
}

type Field = { name: string; canonical: string };
/** As `h=` lists it; without a text where it is only sealed. */
type CoveredField = { name: string; canonical: string | null };

/** Throws a RangeError for a line that is no field: what cannot be read must not be signed. */
function splitFields(head: string): Field[] {
  const fields = head.split(/\r\n(?![ \t])/).map((text) => {
    const name = /^[\x21-\x39\x3b-\x7e]+(?=[ \t]*:)/.exec(text)?.[0].toLowerCase();
    if (!name) throw new RangeError("The header holds a line that is no field.");
    return { name, canonical: relaxField(text) };
  });
  if (fields.filter(({ name }) => name === "from").length !== 1) {
    throw new RangeError("A message has exactly one From.");
  }
  return fields;
}

/** RFC 6376 3.4.2, without the line end. */
function relaxField(text: string): string {
  const colon = text.indexOf(":");
  const value = text
    .slice(colon + 1)
    .replace(/\r\n/g, "")
    .replace(/[ \t]+/g, " ")
    .replace(/^ | $/g, "");
  return `${text.slice(0, colon).trimEnd().toLowerCase()}:${value}`;
}

/** Of several with one name the last first. */
function coveredFields(fields: readonly Field[]): CoveredField[] {
  return SIGNED.flatMap((name) => {
    const lower = name.toLowerCase();
    const present = fields.filter((field) => field.name === lower).reverse();
    const covered: CoveredField[] = present.map(({ canonical }) => ({ name, canonical }));
    return SEALED.has(lower) ? [...covered, { name, canonical: null }] : covered;
  });
}

/** Everything but the signature itself, which follows `b=`. */
function signatureField(covered: readonly CoveredField[], bodyHash: string, key: DkimKey): string {
  const { algorithm, domain, selector } = key;
  const names = foldNames(covered.map(({ name }) => name));
  return `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed;\r\n d=${domain}; s=${selector};\r\n h=${names};\r\n bh=${bodyHash};\r\n b=`;
}

function foldNames(names: readonly string[]): string {
  let length = 0;
  return names.reduce((text, name) => {
    length += name.length + 1;
    if (length <= 72) return text === "" ? name : `${text}:${name}`;
    length = name.length + 1;
    return `${text}:\r\n ${name}`;
  }, "");
}

const SPACE = 32;
const TAB = 9;
const CR = 13;
const LF = 10;

/** `bh=`: the SHA-256 of the relaxed body (RFC 6376 3.4.4, 3.7), base64. */
export function hashBody(body: Buffer): string {
  return hash("sha256", relaxBody(body), "base64");
}

/** Copies only what it must change: most bodies hold no two spaces in a row. */
function relaxBody(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte !== SPACE && byte !== TAB) continue;
    let next = at + 1;
    while (body[next] === SPACE || body[next] === TAB) next += 1;
    const endsLine = next === body.length || (body[next] === CR && body[next + 1] === LF);
    if (!endsLine && byte === SPACE && next === at + 1) continue;
    pieces.push(body.subarray(from, at));
    if (!endsLine) pieces.push(ONE_SPACE);
    from = next;
    at = next - 1;
  }
  const relaxed = from === 0 ? body : Buffer.concat([...pieces, body.subarray(from)]);
  return endOnce(relaxed);
}

const ONE_SPACE = Buffer.from(" ");
const LINE_END = Buffer.from("\r\n");

/** Empty lines at the end do not count; a body that is not empty ends with a line end. */
function endOnce(body: Buffer): Buffer {
  let end = body.length;
  while (end >= 2 && body[end - 1] === LF && body[end - 2] === CR) end -= 2;
  if (end === 0) return body.subarray(0, 0);
  if (end === body.length) return Buffer.concat([body, LINE_END]);
  return body.subarray(0, end + 2);
}
