import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answerApiCall } from "./api/answer";
import { ApiError } from "./api/errors";
import { Chaos } from "./chaos";
import { Clock } from "./clock";
import { serveControl } from "./control";
import { EventLog } from "./events";
import { Faults, type Trouble } from "./faults";
import { HttpRefusal, readBody, sendJson, sendPage } from "./http";
import { problemPage } from "./pages/frame";
import { servePage } from "./pages/serve";
import type { Running } from "./running";
import type { Sandbox } from "./sandbox";
import { keepSaved, loadState } from "./storage";
import { Timeline } from "./timeline";
import { Webhooks } from "./webhooks";

const TICK_MS = 1_000;

export interface StripeSandboxOptions {
  /** 0 takes a free one. */
  port: number;
  /** Where browsers reach it; by default the address it listens on. */
  publicUrl?: string;
  /** Where events go; null keeps them to itself. */
  webhookUrl: string | null;
  webhookSecret: string;
  secretKey: string;
  /** A JSON file that outlives the process; without it everything is forgotten. */
  dataFile?: string;
  /** The sandbox's time at the start; by default the saved one, or real time. */
  now?: Date;
  /** Milliseconds before an undelivered event is sent a second time; doubles with every try. */
  webhookPauseMs?: number;
}

export interface StripeSandbox {
  url: string;
  port: number;
  /** Saves what is left and stops. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in for Stripe on the loopback address: the calls this product makes, hosted checkout and portal pages,
 * signed webhooks with retries, and a clock that can be moved. No money, no network. Rejects when the port is taken or
 * the data file cannot be read.
 */
export async function startStripeSandbox(options: StripeSandboxOptions): Promise<StripeSandbox> {
  const state = await loadState(options.dataFile);
  const clock = new Clock(state);
  if (options.now) clock.set(options.now.getTime());
  const storage = keepSaved(state, options.dataFile, logFailure);
  const target = {
    url: options.webhookUrl,
    secret: options.webhookSecret,
    firstPauseMs: options.webhookPauseMs ?? 1_000,
  };
  const chaos = new Chaos();
  const webhooks = new Webhooks(state, target, chaos, () => storage.changed());
  const events = new EventLog(state, clock, (event) => webhooks.deliver(event));
  const sandbox: Sandbox = { state, clock, events, faults: new Faults(), publicUrl: "" };
  const timeline = new Timeline(sandbox, webhooks, () => storage.changed());
  const running: Running = { sandbox, timeline, webhooks, chaos, storage };
  const server = createServer((request, response) => {
    serve(running, options.secretKey, request, response).catch((error: unknown) => fail(response, error));
  });
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${port}`;
  sandbox.publicUrl = (options.publicUrl ?? url).replace(/\/+$/, "");
  webhooks.resume();
  const ticking = setInterval(() => void timeline.catchUp().catch(logFailure), TICK_MS);
  let closing: Promise<void> | undefined;
  const close = async () => {
    clearInterval(ticking);
    await new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
    await webhooks.close();
    await storage.close();
  };
  return { url, port, close: () => (closing ??= close()) };
}

async function serve(
  running: Running,
  secretKey: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.parse(request.url ?? "/", "http://sandbox");
  if (url === null) throw new HttpRefusal(400, "This is not an address.");
  if (url.pathname.startsWith("/v1/")) return serveApi(running, secretKey, request, response, url);
  if (url.pathname.startsWith("/_sandbox/")) return serveControl(running, request, response, url.pathname);
  await servePage(running, request, response, url);
}

async function serveApi(
  { sandbox, storage }: Running,
  secretKey: string,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const body = await readBody(request);
  const trouble = sandbox.faults.strike(request.method ?? "GET", url.pathname);
  if (trouble !== null && trouble !== "cut") return makeTrouble(trouble, response);
  const answer = answerApiCall(sandbox, secretKey, request, url, body);
  if (request.method !== "GET") storage.changed();
  if (trouble === "cut") response.destroy();
  else response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** A call that is not carried out. One that hangs is let go when the client gives up, or the sandbox closes. */
function makeTrouble(trouble: Trouble, response: ServerResponse): void {
  if (trouble === "down") response.destroy();
  if (trouble === "hidden") sendPage(response, problemPage("Bad gateway", "Something is in the way."), 502);
  if (trouble === "failing") {
    sendJson(response, { error: { type: "api_error", message: "An unknown error occurred" } }, 500);
  }
  if (trouble === "busy") {
    const message = "Request rate limit exceeded. Learn more about rate limits in Stripe's documentation.";
    const error = { type: "invalid_request_error", code: "rate_limit", message };
    response.setHeader("stripe-should-retry", "true");
    sendJson(response, { error }, 429);
  }
}

function fail(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof HttpRefusal || error instanceof ApiError ? error : null;
  if (refusal === null) logFailure(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = refusal?.status ?? 500;
  const message = refusal?.message ?? "The sandbox failed. Its log says why.";
  const wantsPage = response.req.headers.accept?.includes("text/html") ?? false;
  if (wantsPage)
    sendPage(response, problemPage(status === 404 ? "Not found" : "That did not work", message), status);
  else sendJson(response, { error: { message } }, status);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", failed);
      const address = server.address();
      listening(address !== null && typeof address === "object" ? address.port : port);
    });
  });
}

function logFailure(error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${JSON.stringify({ level: "error", from: "stripe sandbox", reason })}\n`);
}
