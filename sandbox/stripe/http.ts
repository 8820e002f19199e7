import type { IncomingMessage, ServerResponse } from "node:http";
import type { Markup } from "@/sandbox/mailbox/pages/markup";

const MAX_BODY_BYTES = 1_000_000;

/** A request that cannot be served as it stands; the message is for the person or program that sent it. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "HttpRefusal";
  }
}

/** The whole body as text. Throws HttpRefusal when it is too long. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new HttpRefusal(413, `The body is longer than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Refuses a form or script of another site, which a browser on this machine would otherwise carry here. */
export function requireOwnOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) return;
  throw new HttpRefusal(403, "This request comes from another site.");
}

const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  // Not no-referrer: with it browsers send their own forms here with the origin "null".
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

export function sendPage(response: ServerResponse, page: Markup, status = 200): void {
  response.writeHead(status, PAGE_HEADERS).end(page.source);
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(value, null, 2)}\n`);
}

export function redirect(response: ServerResponse, address: string): void {
  response.writeHead(303, { location: address, "cache-control": "no-store" }).end();
}
