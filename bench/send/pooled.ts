/** (a) Nodemailer's pool, which builds each message: how most programs send. No ledger. */
import { createTransport } from "nodemailer";
import { readTask, report } from "./contestant";
import { FREE_STATUS, filled, sizedMail, unsubscribeUrlOf } from "./mail";

const task = readTask();
const mail = sizedMail(task.bytes);
const transport = createTransport({
  pool: true,
  ...hostAndPort(task.smtpUrl),
  ignoreTLS: true,
  maxConnections: task.connections,
  maxMessages: Number.POSITIVE_INFINITY,
  ...(task.dkimKey
    ? { dkim: { domainName: "benchmark.test", keySelector: "bench", privateKey: task.dkimKey } }
    : {}),
});

const before = process.cpuUsage();
let next = 0;
async function lane(): Promise<void> {
  while (next < task.messages) {
    const reader = next;
    next += 1;
    const values = {
      statusLine: FREE_STATUS,
      unsubscribeUrl: unsubscribeUrlOf(reader),
    };
    await transport.sendMail({
      from: "The Benchmark <weekly@benchmark.test>",
      to: `reader${reader}@example.test`,
      subject: mail.subject,
      html: filled(mail.html, values),
      text: filled(mail.text, values),
      list: { unsubscribe: values.unsubscribeUrl },
    });
  }
}
await Promise.all(Array.from({ length: task.connections * 2 }, lane));
transport.close();
const { user, system } = process.cpuUsage(before);
report({ sendingCpuSeconds: (user + system) / 1e6 });

function hostAndPort(url: string) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
