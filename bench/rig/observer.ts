/**
 * The observer: an SMTP server that shares nothing with the product, takes what comes, misbehaves as it is told, and
 * writes down each transaction that began and each body that arrived whole. It stays while workers are killed. Also
 * the sink of the speed bench, where it only counts.
 *
 *     node --import tsx bench/rig/observer.ts '{"port":2525,"record":"none"}'
 *
 * Prints {"port":…} on a line when it listens. Whoever started it with a channel controls it (start-observer.ts); it
 * ends with that channel or on SIGTERM.
 */
import { createServer, type Socket } from "node:net";
import { machineNow } from "./clock";
import { hashOf, maskedHash } from "./masked";
import { type ControlRequest, controlSchema, type ObserverOptions, optionsSchema } from "./observer-control";
import { type Answer, createFaultLine, type FaultLine } from "./observer-faults";
import { openObserverLog } from "./observer-log";
import { type ReceivedBody, type SessionHost, SmtpSession } from "./smtp-session";

const options: ObserverOptions = optionsSchema.parse(JSON.parse(process.argv[2] ?? "{}"));
const log = options.record === "none" ? null : openObserverLog(options.record.log, options.record.bodies);
const greylisted = new Set<string>();
const times = new Map<string, number>();
const sockets = new Set<Socket>();
const counts = { connections: 0, transactions: 0, bodies: 0, taken: 0, firstBodyAt: 0, lastBodyAt: 0 };
let faultLine: FaultLine = createFaultLine(options.faults, greylisted);

const host: SessionHost = {
  faults: () => faultLine,
  keepsBodies: log !== null,
  nextTransaction: () => {
    counts.transactions += 1;
    return counts.transactions;
  },
  started: (start) => log?.add({ kind: "start", ...start }),
  turnedAway: (mailAt) => log?.add({ kind: "turned-away", mailAt }),
  received,
};

const TAKEN: Answer = { code: 250, text: "2.0.0 taken" };
const BUSY: Answer = { code: 421, text: "4.3.2 too busy", close: true };
const LATER: Answer = { code: 451, text: "4.3.0 later" };

function received(body: ReceivedBody): Answer | "silent" | "close" {
  const at = machineNow();
  counts.bodies += 1;
  counts.lastBodyAt = at;
  if (counts.firstBodyAt === 0) counts.firstBodyAt = at;
  const time = log === null ? 1 : (times.get(body.to) ?? 0) + 1;
  if (log !== null) times.set(body.to, time);
  const fate = faultLine.onDot(body.to, time);
  const taken = fate !== "busy" && fate !== "later";
  if (taken) counts.taken += 1;
  const answer = fate === "taken" ? TAKEN : fate === "busy" ? BUSY : fate === "later" ? LATER : null;
  if (body.message) note(body, body.message, { at, taken, code: answer?.code ?? null });
  return answer ?? (fate === "taken-then-silent" ? "silent" : "close");
}

function note(
  body: ReceivedBody,
  message: Buffer,
  fate: { at: number; taken: boolean; code: number | null },
) {
  const head = message.toString("latin1", 0, Math.max(0, message.indexOf("\r\n\r\n")));
  log?.add({
    kind: "body",
    to: body.to,
    recipients: body.recipients,
    messageId: /^Message-ID: *(\S+)/im.exec(head)?.[1] ?? "",
    masked: maskedHash(message),
    whole: hashOf(message),
    bytes: message.length,
    offset: log.keep(message),
    connection: body.connection,
    ...fate,
  });
}

const server = createServer((socket) => {
  counts.connections += 1;
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
  new SmtpSession(socket, host, counts.connections);
});

function listen(port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen({ port, host: "127.0.0.1", backlog: 1_024 }, () => {
    server.removeListener("error", reject);
    const address = server.address();
    resolve(address !== null && typeof address === "object" ? address.port : port);
  });
  return promise;
}

/** Ends every connection; a worker that sends at this moment cannot know what became of its message. */
function cut(): void {
  for (const socket of sockets) socket.destroy();
}

async function control(request: ControlRequest): Promise<unknown> {
  if (request.do === "faults") faultLine = createFaultLine(request.faults, greylisted);
  if (request.do === "block") server.close();
  if (request.do === "block" || request.do === "cut") cut();
  if (request.do === "unblock") await listen(port);
  if (request.do !== "counts") return null;
  log?.flush();
  return { ...counts, open: sockets.size, memory: process.memoryUsage().rss, cpu: process.cpuUsage() };
}

function leave(): void {
  log?.close();
  process.exit(0);
}

if (log !== null) setInterval(() => log.flush(), 20);
const port = await listen(options.port);
process.on("message", (message) => {
  const { id, ...request } = controlSchema.parse(message);
  void control(request).then((answer) => process.send?.({ id, answer }));
});
process.on("disconnect", leave);
process.on("SIGTERM", leave);
process.stdout.write(`${JSON.stringify({ port })}\n`);
process.send?.({ port });
