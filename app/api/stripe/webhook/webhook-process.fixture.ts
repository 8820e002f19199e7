import { createServer } from "node:http";
import { Readable } from "node:stream";
import { createDatabase, type Database } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { getStripe } from "@/lib/stripe";
import { answerWebhook } from "./answer-webhook";

/**
 * For answer-webhook.test.ts: the handler in a process of its own. `dies` as a second word kills it the moment that the
 * event is committed, before Stripe hears of it.
 */
const [port, fate] = process.argv.slice(2);
const { DATABASE_URL, STRIPE_WEBHOOK_SECRET } = getEnv();
const db = createDatabase(DATABASE_URL);
const transact = async (...work: unknown[]) => {
  await Reflect.apply(db.$transaction, db, work);
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
};
const dying: Database = new Proxy(db, {
  get: (target, name) => (name === "$transaction" ? transact : Reflect.get(target, name)),
});

const server = createServer(async (request, response) => {
  const init: RequestInit & { duplex: "half" } = {
    method: "POST",
    headers: request.headers as Record<string, string>,
    body: Readable.toWeb(request) as ReadableStream,
    duplex: "half",
  };
  const answer = await answerWebhook(new Request("http://127.0.0.1/api/stripe/webhook", init), {
    db: fate === "dies" ? dying : db,
    stripe: getStripe(),
    secrets: STRIPE_WEBHOOK_SECRET,
    live: false,
  });
  response.writeHead(answer.status).end(await answer.text());
});
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("listening\n"));
