import { createServer } from "node:http";
import Stripe from "stripe";
import { onTestFinished } from "vitest";

/** `down` hangs up, `busy` 429, `failing` 500, `hidden` behind a proxy's page; `cut` carries the request out and loses the answer. */
export type Trouble = "down" | "busy" | "failing" | "hidden" | "cut";

/** A road to a sandbox that can be troubled, and a client that takes it. `trouble` is asked for every request. */
export async function openRoad(url: string, key: string) {
  const road = { trouble: (_call: string): Trouble | null => null, calls: [] as string[] };
  const server = createServer(async (request, response) => {
    const call = `${request.method} ${request.url?.split("?")[0]}`;
    road.calls.push(call);
    const trouble = road.trouble(call);
    if (trouble === "down") return void request.socket.destroy();
    if (trouble === "busy") return void response.writeHead(429).end(refusal("rate_limit_error"));
    if (trouble === "failing") return void response.writeHead(500).end(refusal("api_error"));
    if (trouble === "hidden") return void response.writeHead(502).end("<h1>Bad gateway</h1>");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host: _host, connection: _connection, "content-length": _length, ...headers } = request.headers;
    const answer = await fetch(url + request.url, {
      method: request.method ?? "GET",
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    const body = await answer.text();
    if (trouble === "cut") return void request.socket.destroy();
    response.writeHead(answer.status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  const stripe = new Stripe(key, {
    host: "127.0.0.1",
    port: address.port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
  return Object.assign(road, { stripe });
}

const refusal = (type: string) => JSON.stringify({ error: { type, message: "Not now." } });
