import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import {
  type ControlRequestInput,
  countsSchema,
  type ObserverCounts,
  type ObserverOptionsInput,
} from "./observer-control";
import type { FaultsInput } from "./observer-faults";

export type Observer = {
  port: number;
  /** For SMTP_URL. */
  url: string;
  pid: number;
  setFaults(faults: FaultsInput): Promise<void>;
  /** Everything that it has seen stands in its log afterwards. */
  counts(): Promise<ObserverCounts>;
  /** Ends all connections; `block` also stops taking new ones until `unblock`. */
  cut(): Promise<void>;
  block(): Promise<void>;
  unblock(): Promise<void>;
  stop(): Promise<void>;
};

const startedSchema = z.object({ port: z.number().int() });
const answerSchema = z.object({ id: z.number().int(), answer: z.unknown() });

/** A process of its own, which ends with this one. Throws where it does not start. */
export async function startObserver(options: ObserverOptionsInput = {}): Promise<Observer> {
  const program = join(import.meta.dirname, "observer.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, JSON.stringify(options)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exit = once(child, "exit");
  const gone = exit.then(() => {
    throw new Error("The observer ended.");
  });
  gone.catch(() => undefined);
  const [first] = await Promise.race([once(child, "message"), gone]);
  const { port } = startedSchema.parse(first);
  const waiting = new Map<number, (answer: unknown) => void>();
  child.on("message", (message) => {
    const { id, answer } = answerSchema.parse(message);
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  let asked = 0;
  const ask = (request: ControlRequestInput): Promise<unknown> => {
    asked += 1;
    const id = asked;
    const answered = new Promise((resolve) => waiting.set(id, resolve));
    child.send({ ...request, id });
    return Promise.race([answered, gone]);
  };
  const tell = async (request: ControlRequestInput) => void (await ask(request));
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    setFaults: (faults) => tell({ do: "faults", faults }),
    counts: async () => countsSchema.parse(await ask({ do: "counts" })),
    cut: () => tell({ do: "cut" }),
    block: () => tell({ do: "block" }),
    unblock: () => tell({ do: "unblock" }),
    async stop() {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}
