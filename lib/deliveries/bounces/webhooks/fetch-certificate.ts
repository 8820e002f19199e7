import { isSnsCertificate } from "./ses";

const PATIENCE_MS = 5_000;
const LARGEST = 16 * 1024;
const KEPT = 5;
const known = new Map<string, string>();

/** SNS's certificate, kept for the next message. Opens nothing but SNS's hosts, follows nobody, reads no more than it needs. */
export async function fetchCertificate(url: string): Promise<string> {
  if (!isSnsCertificate(url)) throw new RangeError("This address is not SNS's.");
  const kept = known.get(url);
  if (kept) return kept;
  const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok || Number(answer.headers.get("content-length") ?? 0) > LARGEST) {
    throw new Error(`SNS did not give its certificate (${answer.status}).`);
  }
  let pem = "";
  for await (const chunk of answer.body ?? []) {
    pem += Buffer.from(chunk).toString("latin1");
    if (pem.length > LARGEST) throw new Error("SNS's certificate is too long to be one.");
  }
  const [oldest] = known.keys();
  if (known.size >= KEPT && oldest) known.delete(oldest);
  known.set(url, pem);
  return pem;
}
