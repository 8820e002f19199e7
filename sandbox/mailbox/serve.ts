import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerApi } from "./api";
import type { Doorkeeper } from "./faults";
import { log } from "./log";
import { openMessage } from "./open-message";
import { problemPage } from "./pages/frame";
import { listPage } from "./pages/list-page";
import { messagePage } from "./pages/message-page";
import { json, page, plain, type Reply, seeOther } from "./reply";
import { listPageQuery, messagePageQuery } from "./request";
import type { MessageStore } from "./store";

type Mailbox = { store: MessageStore; doorkeeper: Doorkeeper; smtpUrl: string };
type Request = { method: string; path: string; query: Record<string, string>; signal: AbortSignal };

const SHOWN_SOURCE_CHARACTERS = 300_000;
const ASSETS: Readonly<Record<string, string>> = {
  "/mailbox.css": "text/css; charset=utf-8",
  "/mailbox.js": "text/javascript; charset=utf-8",
};

async function showMessage(store: MessageStore, id: number, query: Record<string, string>): Promise<Reply> {
  const message = await openMessage(store, id);
  const source = message && (await store.readSource(id, SHOWN_SOURCE_CHARACTERS));
  if (!message || !source) {
    return page(
      problemPage("No such message", "It may have been deleted, or made room for newer ones."),
      404,
    );
  }
  const text = source.toString("utf8");
  return page(messagePage(message, text, store.neighbours(id), messagePageQuery.parse(query)));
}

async function answer({ store, doorkeeper, smtpUrl }: Mailbox, request: Request): Promise<Reply> {
  const { method, path, query } = request;
  if (path.startsWith("/api/")) {
    return (await answerApi(store, doorkeeper, request)) ?? json({ error: "There is nothing here." }, 404);
  }
  if (path === "/delete" && method === "POST") {
    await store.clear();
    doorkeeper.forget();
    return seeOther("/");
  }
  if (method !== "GET") return plain("Only GET is possible here.", 405);
  if (path === "/") return page(listPage(store, smtpUrl, listPageQuery.parse(query)));
  const type = ASSETS[path];
  if (type) return { status: 200, type, body: await readFile(new URL(`./pages${path}`, import.meta.url)) };
  const id = /^\/messages\/(\d{1,15})$/.exec(path)?.[1];
  if (id) return showMessage(store, Number(id), query);
  return page(problemPage("Nothing here", "This address leads to no message."), 404);
}

/**
 * Why a request from a browser is not answered: another site must neither delete mail nor, by pointing a name of its own
 * at this machine, read it.
 */
function refuse(incoming: IncomingMessage): Reply | null {
  const host = incoming.headers.host ?? "";
  if (!/^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host)) {
    return plain("Open the mailbox as localhost or 127.0.0.1; other names are not answered.", 403);
  }
  const { origin } = incoming.headers;
  if (incoming.method !== "GET" && origin !== undefined && origin !== `http://${host}`) {
    return plain("Another site may not change anything here.", 403);
  }
  return null;
}

function send(response: ServerResponse, reply: Reply, headOnly: boolean): void {
  response.writeHead(reply.status, {
    "content-type": reply.type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...reply.headers,
  });
  response.end(headOnly ? undefined : reply.body);
}

async function handle(mailbox: Mailbox, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  incoming.resume();
  const headOnly = incoming.method === "HEAD";
  try {
    const url = new URL(incoming.url ?? "/", "http://localhost");
    const request = {
      method: headOnly ? "GET" : (incoming.method ?? "GET"),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      signal: gone.signal,
    };
    send(response, refuse(incoming) ?? (await answer(mailbox, request)), headOnly);
  } catch (error) {
    log.error({ event: "mailbox.request_failed", err: error }, "request failed");
    send(response, plain("The mailbox failed here; its log says why.", 500), headOnly);
  }
}

/** Serves pages and JSON on the loopback address. Closing ends waiting requests at once. */
export async function serveMailbox(
  port: number,
  mailbox: Mailbox,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((incoming, response) => void handle(mailbox, incoming, response));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
