/** The installation's DKIM key: where it lies, and what the world must be told of it (RFC 6376 3.6.1, RFC 8463 4). */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { Env } from "@/lib/env";
import { type DkimKey, readDkimKey } from "./dkim";

type DkimEnv = Pick<Env, "DKIM_KEY_FILE" | "DKIM_SELECTOR" | "DKIM_DOMAIN" | "MAIL_FROM">;

/** Null where signing is left to the mail server. Throws an Error that names the variable and what to do. */
export function loadDkimKey(env: DkimEnv): DkimKey | null {
  if (!env.DKIM_KEY_FILE) return null;
  try {
    return readDkimKey({
      domain: dkimDomain(env),
      selector: env.DKIM_SELECTOR,
      pem: readFileSync(env.DKIM_KEY_FILE),
    });
  } catch (error) {
    const why = error instanceof RangeError ? error.message : `it cannot be read (${codeOf(error)}).`;
    throw new Error(`DKIM_KEY_FILE: ${why} \`npm run masthead -- dkim make\` makes one.`);
  }
}

/** Makes a key in a file that only its owner may read. Throws a RangeError where something is there already. */
export function makeDkimKey(file: string, kind: "rsa" | "ed25519"): void {
  const { privateKey } =
    kind === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ed25519");
  try {
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    throw new RangeError(
      `${file} is there already, and a key is never overwritten. Name another file with --file.`,
    );
  }
}

function dkimDomain(env: Pick<DkimEnv, "DKIM_DOMAIN" | "MAIL_FROM">): string {
  return env.DKIM_DOMAIN ?? env.MAIL_FROM.slice(env.MAIL_FROM.lastIndexOf("@") + 1).toLowerCase();
}

/** The TXT record that receivers look up: its name and its text. */
export function dkimRecord(key: DkimKey): { name: string; text: string } {
  const published = createPublicKey(key.privateKey).export({ type: "spki", format: "der" });
  const [k, p] =
    key.algorithm === "rsa-sha256" ? ["rsa", published] : ["ed25519", published.subarray(-ED25519_BYTES)];
  return {
    name: `${key.selector}._domainkey.${key.domain}`,
    text: `v=DKIM1; k=${k}; p=${p.toString("base64")}`,
  };
}

/** RFC 8463 4.2: the bare key, without the frame that names its kind. */
const ED25519_BYTES = 32;

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown";
}
