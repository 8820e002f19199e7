/**
 * (b) Nodemailer's connection class given messages that are ready: its own speed on the wire. With a key each is signed
 * beside the main thread first. No ledger.
 */
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { createSigner, readDkimKey } from "@/lib/mail/dkim";
import { readTask, report } from "./contestant";
import { readyMessage } from "./mail";

const task = readTask();
const { hostname, port } = new URL(task.smtpUrl);
const ready = readyMessage(task.bytes);
const signer =
  task.dkimKey === null
    ? null
    : createSigner(readDkimKey({ domain: "benchmark.test", selector: "bench", pem: task.dkimKey }));

const before = process.cpuUsage();
let next = 0;
async function lane(): Promise<void> {
  const connection = new SMTPConnection({ host: hostname, port: Number(port), ignoreTLS: true });
  await new Promise<void>((resolve, reject) => {
    connection.once("error", reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  while (next < task.messages) {
    const to = `reader${next}@example.test`;
    next += 1;
    const message = signer ? await signer.sign(ready) : ready;
    await new Promise<void>((resolve, reject) =>
      connection.send({ from: "weekly@benchmark.test", to, size: message.length }, message, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
  }
  connection.quit();
}
await Promise.all(Array.from({ length: task.connections }, lane));
const { user, system } = process.cpuUsage(before);
report({ sendingCpuSeconds: (user + system) / 1e6 });
