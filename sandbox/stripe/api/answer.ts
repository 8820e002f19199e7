import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { API_VERSION } from "../api-version";
import { newId } from "../ids";
import type { Sandbox } from "../sandbox";
import { ApiError, invalid } from "./errors";
import { expand } from "./expand";
import { type FormFields, readForm } from "./form";
import { fingerprint, recallAnswer, rememberAnswer } from "./idempotency";
import type { Route } from "./route";
import { ROUTES } from "./routes";

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface Call {
  method: string;
  path: string;
  /** The query of a GET, the body of everything else. */
  form: string;
  idempotencyKey: string | null;
  requestId: string;
}

/** Answers one request to `/v1/…` as Stripe does. Never throws; an error of the sandbox itself is a 500 that names it. */
export function answerApiCall(
  sandbox: Sandbox,
  secretKey: string,
  request: IncomingMessage,
  url: URL,
  body: string,
): Answer {
  const requestId = newId("req");
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "request-id": requestId,
    "stripe-version": String(request.headers["stripe-version"] ?? API_VERSION),
  };
  const key = request.headers["idempotency-key"];
  const call: Call = {
    method: request.method ?? "GET",
    path: url.pathname,
    form: request.method === "POST" ? body : url.search.slice(1) || body,
    idempotencyKey: typeof key === "string" && request.method === "POST" ? key : null,
    requestId,
  };
  try {
    authorise(request, secretKey);
    checkVersion(headers["stripe-version"]);
    const { status, text, replayed } = carryOut(sandbox, call);
    if (call.idempotencyKey !== null) headers["idempotency-key"] = call.idempotencyKey;
    if (replayed !== null)
      Object.assign(headers, { "idempotent-replayed": "true", "original-request": replayed });
    return { status, headers, body: text };
  } catch (error) {
    return { ...failure(error, requestId), headers };
  }
}

function authorise(request: IncomingMessage, secretKey: string): void {
  const given = bearer(request.headers.authorization);
  if (given === null) {
    throw new ApiError(401, {
      type: "invalid_request_error",
      message: "You did not provide an API key. Send it as 'Authorization: Bearer YOUR_SECRET_KEY'.",
    });
  }
  const digest = (text: string) => createHash("sha256").update(text).digest();
  if (timingSafeEqual(digest(given), digest(secretKey))) return;
  const shown = given.length > 12 ? `${given.slice(0, 7)}…${given.slice(-4)}` : "…";
  throw new ApiError(401, { type: "invalid_request_error", message: `Invalid API Key provided: ${shown}` });
}

function bearer(header: string | undefined): string | null {
  const [scheme = "", value = ""] = (header ?? "").split(" ");
  if (/^bearer$/i.test(scheme) && value) return value;
  if (!/^basic$/i.test(scheme)) return null;
  return Buffer.from(value, "base64").toString("utf8").split(":")[0] || null;
}

function checkVersion(version: string | undefined): void {
  if (version === API_VERSION) return;
  throw invalid(`This sandbox answers as API version ${API_VERSION} only; the request asks for ${version}.`);
}

function carryOut(sandbox: Sandbox, call: Call): { status: number; text: string; replayed: string | null } {
  const { route, id } = findRoute(call);
  const request = fingerprint(call.method, call.path, call.form);
  const now = Date.now();
  const { idempotencyKey: key, requestId } = call;
  const known = key === null ? null : recallAnswer(sandbox.state, key, request, now);
  if (known) return { status: known.status, text: known.body, replayed: known.requestId };
  const remember = (status: number, body: string) => {
    if (key !== null) rememberAnswer(sandbox.state, key, { request, requestId, status, body, at: now });
    return { status, text: body, replayed: null };
  };
  const { paths, fields } = takeExpand(readForm(call.form));
  try {
    const cause = { id: requestId, idempotency_key: key };
    const record = sandbox.events.during(cause, () => route.run(sandbox, fields, id));
    return remember(200, JSON.stringify(expand(sandbox.state, record, paths), null, 2));
  } catch (error) {
    // A card's refusal is an outcome and is kept; a request that was never carried out may come again corrected.
    if (error instanceof ApiError && error.status === 402)
      return remember(402, JSON.stringify(error, null, 2));
    throw error;
  }
}

function findRoute({ method, path }: Call): { route: Route; id: string } {
  const parts = path.split("/");
  for (const route of ROUTES) {
    if (route.method !== method) continue;
    const pattern = route.path.split("/");
    if (pattern.length !== parts.length) continue;
    if (!pattern.every((part, at) => part.startsWith(":") || part === parts[at])) continue;
    const at = pattern.findIndex((part) => part.startsWith(":"));
    return { route, id: at < 0 ? "" : decodeId(parts[at] ?? "") };
  }
  throw new ApiError(404, {
    type: "invalid_request_error",
    message: `Unrecognized request URL (${method}: ${path}): this sandbox does not offer that call.`,
  });
}

/** An id that is not well encoded names nothing, and is looked up as it stands. */
function decodeId(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function takeExpand({ expand: asked, ...fields }: FormFields): { paths: string[]; fields: FormFields } {
  if (asked === undefined) return { paths: [], fields };
  if (!Array.isArray(asked) || !asked.every((path) => typeof path === "string")) {
    throw invalid("Invalid array", { param: "expand" });
  }
  return { paths: asked, fields };
}

function failure(error: unknown, requestId: string): { status: number; body: string } {
  if (error instanceof ApiError) return { status: error.status, body: JSON.stringify(error, null, 2) };
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${JSON.stringify({ level: "error", requestId, reason })}\n`);
  const message = "The sandbox failed. Its log says why.";
  return { status: 500, body: JSON.stringify({ error: { type: "api_error", message } }, null, 2) };
}
