import type { z } from "zod";
import type { Doorkeeper } from "./faults";
import { listMatching, waitForMatch } from "./filter";
import { openMessage, readHeaders } from "./open-message";
import { previewHtml, previewPolicy } from "./preview";
import { json, plain, type Reply } from "./reply";
import { listQuery, previewQuery, waitQuery } from "./request";
import { countMessages } from "./stats";
import type { MessageStore } from "./store";

export type ApiRequest = { method: string; path: string; query: Record<string, string>; signal: AbortSignal };

const gone = () => json({ error: "There is no such message. It may have been deleted." }, 404);

function refuseQuery(error: z.ZodError): Reply {
  const fields = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return json({ error: `This cannot be read: ${fields.join("; ")}` }, 400);
}

async function list(store: MessageStore, query: Record<string, string>): Promise<Reply> {
  const parsed = listQuery.safeParse(query);
  if (!parsed.success) return refuseQuery(parsed.error);
  const { limit, offset, headers, ...filter } = parsed.data;
  const { total, messages } = listMatching(store, filter, { limit, offset });
  if (!headers) return json({ total, messages });
  const withHeaders = [];
  for (const summary of messages) {
    withHeaders.push({ ...summary, headers: (await readHeaders(store, summary.id)) ?? [] });
  }
  return json({ total, messages: withHeaders });
}

async function wait(store: MessageStore, { query, signal }: ApiRequest): Promise<Reply> {
  const parsed = waitQuery.safeParse(query);
  if (!parsed.success) return refuseQuery(parsed.error);
  const { timeout, after, ...filter } = parsed.data;
  const found = await waitForMatch(store, { ...filter, since: after }, timeout, signal);
  return found ? json(found) : json({ error: `No such message within ${timeout} ms.` }, 408);
}

async function readOne(store: MessageStore, id: number, part: string, request: ApiRequest): Promise<Reply> {
  if (part === "source") {
    const source = await store.readSource(id);
    return source ? plain(source) : gone();
  }
  const message = await openMessage(store, id);
  if (!message) return gone();
  if (part === "") return json(message);
  if (message.html === null) return plain("This message has no HTML part.", 404);
  const { images, scheme } = previewQuery.parse(request.query);
  return {
    status: 200,
    type: "text/html; charset=utf-8",
    body: previewHtml(message.html, scheme),
    headers: { "content-security-policy": previewPolicy({ images: images === "on" }) },
  };
}

/** Answers everything below `/api`; null where there is nothing at that path. */
export async function answerApi(
  store: MessageStore,
  doorkeeper: Doorkeeper,
  request: ApiRequest,
): Promise<Reply | null> {
  const { method, path, query } = request;
  if (path === "/api/messages" && method === "DELETE") {
    await store.clear();
    doorkeeper.forget();
    return json({ deleted: true });
  }
  if (method !== "GET") return json({ error: "Only GET is possible here." }, 405);
  if (path === "/api/messages") return list(store, query);
  if (path === "/api/messages/wait") return wait(store, request);
  if (path === "/api/stats") return json(countMessages(store));
  const [, id, part] = /^\/api\/messages\/(\d{1,15})(?:\/(source|html))?$/.exec(path) ?? [];
  return id ? readOne(store, Number(id), part ?? "", request) : null;
}
