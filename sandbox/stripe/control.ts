import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { closeDispute, openDispute } from "./billing/disputes";
import { chaosShape } from "./chaos";
import { faultShape } from "./faults";
import { HttpRefusal, readBody, requireOwnOrigin, sendJson } from "./http";
import { requireRow } from "./resources/find";
import type { Running } from "./running";
import { clearState, listTables } from "./state";
import { ClockRefusal } from "./timeline";

const advance = z.union([
  z.strictObject({ seconds: z.number().int().min(0) }),
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
]);

const disputed = z.strictObject({ charge: z.string(), reason: z.string().max(100).optional() });
const decided = z.strictObject({ dispute: z.string(), outcome: z.enum(["won", "lost"]) });

/** The JSON beside the dashboard, under `/_sandbox/`. */
export async function serveControl(
  running: Running,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const call = `${request.method} ${path}`;
  if (call === "GET /_sandbox/state") return sendJson(response, describeState(running));
  if (call === "GET /_sandbox/faults") return sendJson(response, running.sandbox.faults.list());
  if (call === "GET /_sandbox/chaos") return sendJson(response, running.chaos.settings);
  if (request.method !== "GET") requireOwnOrigin(request);
  if (call === "POST /_sandbox/faults") {
    running.sandbox.faults.add(readWanted(faultShape, await readBody(request)));
    return sendJson(response, running.sandbox.faults.list());
  }
  if (call === "DELETE /_sandbox/faults") {
    running.sandbox.faults.clear();
    return sendJson(response, []);
  }
  if (call === "POST /_sandbox/chaos") {
    running.chaos.set(readWanted(chaosShape, await readBody(request)));
    return sendJson(response, running.chaos.settings);
  }
  if (call === "POST /_sandbox/disputes") {
    const { charge, reason } = readWanted(disputed, await readBody(request));
    const { sandbox } = running;
    return actAndShow(running, response, () =>
      openDispute(sandbox, requireRow(sandbox.state.charges, "charge", charge), reason),
    );
  }
  if (call === "POST /_sandbox/disputes/close") {
    const { dispute, outcome } = readWanted(decided, await readBody(request));
    return actAndShow(running, response, () => closeDispute(running.sandbox, dispute, outcome));
  }
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

async function actAndShow(running: Running, response: ServerResponse, act: () => object): Promise<void> {
  const record = act();
  running.storage.changed();
  await running.webhooks.settled();
  sendJson(response, record);
}

function readWanted<S extends z.ZodType>(shape: S, body: string): z.output<S> {
  const wanted = shape.safeParse(parseJson(body));
  if (wanted.success) return wanted.data;
  throw new HttpRefusal(400, z.prettifyError(wanted.error));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Forgets everything but the time; faults and chaos come to rest. */
export function reset({ sandbox, webhooks, chaos, storage }: Running): void {
  webhooks.forget();
  sandbox.faults.clear();
  chaos.set(chaosShape.parse({}));
  clearState(sandbox.state);
  storage.changed();
}

function describeClock({ sandbox: { clock } }: Running): object {
  return { now: new Date(clock.now()).toISOString() };
}

/** Card numbers and remembered answers are left out: they are nobody's business but the sandbox's. */
function describeState(running: Running): object {
  const shown = listTables(running.sandbox.state).filter(
    ([name]) => !["cardNumbers", "answers", "checkoutOrders", "waitingCards"].includes(name),
  );
  const tables = shown.map(([name, table]) => [name, [...table.values()]]);
  return { ...describeClock(running), ...Object.fromEntries(tables) };
}
