/** RSA alone, on the threads that the worker uses: what signing allows when nothing else is done. Sends nothing. */
import { createSigner, readDkimKey } from "@/lib/mail/dkim";
import { readTask, report } from "./contestant";
import { readyMessage } from "./mail";

const task = readTask();
if (task.dkimKey === null) throw new Error("There is no key to sign with.");
const signer = createSigner(readDkimKey({ domain: "benchmark.test", selector: "bench", pem: task.dkimKey }));
const message = readyMessage(task.bytes);

const began = performance.now();
let next = 0;
async function lane(): Promise<void> {
  while (next < task.messages) {
    next += 1;
    await signer.sign(message);
  }
}
await Promise.all(Array.from({ length: task.connections }, lane));
report({ perSecond: task.messages / ((performance.now() - began) / 1_000) });
