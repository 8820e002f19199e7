import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { HttpRefusal, readBody, requireOwnOrigin, sendJson } from "./http";
import type { Running } from "./running";
import { clearState, listTables } from "./state";
import { ClockRefusal } from "./timeline";

const advance = z.union([
  z.strictObject({ seconds: z.number().int().min(0) }),
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
]);

/** The JSON beside the dashboard, under `/_sandbox/`. */
export async function serveControl(
  running: Running,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const call = `${request.method} ${path}`;
  if (call === "GET /_sandbox/state") return sendJson(response, describeState(running));
  if (request.method === "POST") requireOwnOrigin(request);
  if (call === "POST /_sandbox/clock/advance") {
    await moveClock(running, await readBody(request));
    return sendJson(response, describeClock(running));
  }
  if (call === "POST /_sandbox/reset") {
    await readBody(request);
    reset(running);
    return sendJson(response, describeClock(running));
  }
  throw new HttpRefusal(404, `There is no ${call} here.`);
}

async function moveClock({ timeline }: Running, body: string): Promise<void> {
  const wanted = advance.safeParse(parseJson(body));
  if (!wanted.success) {
    throw new HttpRefusal(400, 'Send { "seconds": 3600 } or { "to": "2026-01-31T08:00:00Z" }.');
  }
  const { data } = wanted;
  try {
    await timeline.advance("seconds" in data ? data : { moment: new Date(data.to) });
  } catch (error) {
    throw error instanceof ClockRefusal ? new HttpRefusal(400, error.message) : error;
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Forgets everything but the time. */
export function reset({ sandbox, webhooks, storage }: Running): void {
  webhooks.forget();
  clearState(sandbox.state);
  storage.changed();
}

function describeClock({ sandbox: { clock } }: Running): object {
  return { now: new Date(clock.now()).toISOString() };
}

/** Card numbers and remembered answers are left out: they are nobody's business but the sandbox's. */
function describeState(running: Running): object {
  const shown = listTables(running.sandbox.state).filter(
    ([name]) => !["cardNumbers", "answers", "checkoutOrders"].includes(name),
  );
  const tables = shown.map(([name, table]) => [name, [...table.values()]]);
  return { ...describeClock(running), ...Object.fromEntries(tables) };
}
