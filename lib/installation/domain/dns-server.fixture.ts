/** A DNS server for tests: answers from a table, and leaves names unanswered where it is told to. */
import { createSocket } from "node:dgram";
import { type Answer, decode, encode } from "dns-packet";

type Rows = Readonly<Record<string, readonly string[]>>;

/** By type and name, such as `TXT example.com`; MX as `10 mx.example.com`. `silent` names get no answer at all. */
export type Zone = { records: Rows; silent?: readonly string[] };

export async function startDnsServer(zone: Zone) {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    const query = decode(message);
    const [question] = query.questions ?? [];
    if (!question) return;
    const key = `${question.type} ${question.name.toLowerCase()}`;
    asked.push(key);
    if (zone.silent?.includes(question.name.toLowerCase())) return;
    const answers = (zone.records[key] ?? []).map((text) => answerOf(question.type, question.name, text));
    const known = Object.keys(zone.records).some((each) => each.endsWith(` ${question.name.toLowerCase()}`));
    const flags = 0x0400 | (known ? 0 : 3);
    const reply = { type: "response" as const, id: query.id ?? 0, flags, questions: [question], answers };
    socket.send(encode(reply), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

function answerOf(type: string, name: string, text: string): Answer {
  const ttl = 60;
  if (type === "MX") {
    const [preference = "0", exchange = ""] = text.split(" ");
    return { type: "MX", name, ttl, data: { preference: Number(preference), exchange } };
  }
  if (type === "TXT") return { type: "TXT", name, ttl, data: text.match(/.{1,255}/g) ?? [""] };
  return { type: type as "A" | "AAAA" | "PTR", name, ttl, data: text };
}
