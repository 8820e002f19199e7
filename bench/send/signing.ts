/** RSA alone, as the worker does it: what signing allows when nothing else is done. Sends nothing. */
import { createSigner, readDkimKey } from "@/lib/mail/dkim";
import { readTask, report } from "./contestant";
import { readyMessage } from "./mail";

const task = readTask();
if (task.dkimKey === null) throw new Error("There is no key to sign with.");
const key = readDkimKey({ domain: "benchmark.test", selector: "bench", pem: task.dkimKey });
const signer = createSigner(key);
const message = readyMessage(task.bytes);

const began = performance.now();
const before = process.cpuUsage();
let next = 0;
async function lane(): Promise<void> {
  while (next < task.messages) {
    next += 1;
    await signer.sign(message);
  }
}
await Promise.all(Array.from({ length: task.connections }, lane));
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(before);
report({ perSecond: task.messages / seconds, sendingCpuSeconds: (user + system) / 1e6 });
