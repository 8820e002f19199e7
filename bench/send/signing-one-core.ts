/** RSA alone on one core, whole messages one after the other. Sends nothing. */
import { readDkimKey, signMessage } from "@/lib/mail/dkim";
import { readTask, report } from "./contestant";
import { readyMessage } from "./mail";

const task = readTask();
if (task.dkimKey === null) throw new Error("There is no key to sign with.");
const key = readDkimKey({ domain: "benchmark.test", selector: "bench", pem: task.dkimKey });
const message = readyMessage(task.bytes);

const began = performance.now();
for (let next = 0; next < task.messages; next += 1) signMessage(message, key);
report({ perSecond: task.messages / ((performance.now() - began) / 1_000) });
