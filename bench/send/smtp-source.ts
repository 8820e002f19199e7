/** (c) Postfix's load generator, where it is installed: what a C program reaches that neither builds nor remembers. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startObserver } from "../rig/start-observer";

const run = promisify(execFile);

export async function hasSmtpSource(): Promise<boolean> {
  return run("sh", ["-c", "command -v smtp-source"]).then(
    () => true,
    () => false,
  );
}

export async function runSmtpSource(round: { recipients: number; connections: number; bytes: number }) {
  const observer = await startObserver({ record: "none" });
  try {
    const { recipients, connections, bytes } = round;
    const counts = ["-m", recipients, "-s", connections, "-l", bytes].map(String);
    await run("smtp-source", [
      "-d",
      ...counts,
      "-f",
      "a@b.test",
      "-t",
      "c@d.test",
      `127.0.0.1:${observer.port}`,
    ]);
    const { taken, firstBodyAt, lastBodyAt } = await observer.counts();
    return { perSecond: taken / ((lastBodyAt - firstBodyAt) / 1_000), peakMegabytes: 0 };
  } finally {
    await observer.stop();
  }
}
