/** What a route answers with; `headers` on top of those that every answer has. */
export type Reply = { status: number; type: string; body: string | Buffer; headers?: Record<string, string> };

const PAGE_POLICY = [
  "default-src 'none'",
  "img-src data:",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function json(body: unknown, status = 200): Reply {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify(body) };
}

export function plain(body: string | Buffer, status = 200): Reply {
  return { status, type: "text/plain; charset=utf-8", body };
}

export function page(body: string, status = 200): Reply {
  return {
    status,
    type: "text/html; charset=utf-8",
    body,
    headers: { "content-security-policy": PAGE_POLICY },
  };
}

export function seeOther(location: string): Reply {
  return { ...plain(""), status: 303, headers: { location } };
}
