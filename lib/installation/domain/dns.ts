/** Questions to the DNS, with an end: what nobody answers in time is not known. Changes nothing. */
import { Resolver } from "node:dns/promises";

export type Dns = {
  /** Each record's strings joined. An empty list where the name has none, or does not exist. */
  txt(name: string): Promise<string[]>;
  /** IPv4 and IPv6. */
  addresses(name: string): Promise<string[]>;
  mx(name: string): Promise<{ exchange: string; priority: number }[]>;
  /** The names that an address goes by. */
  reverse(address: string): Promise<string[]>;
};

const ANSWER_MS = 1_500;

/** `server` as in 192.0.2.1 or 127.0.0.1:5353; without it, the system's. `deadlineMs` ends everything still asked. */
export function askDns(options: { server?: string | undefined; deadlineMs: number }): Dns {
  const resolver = new Resolver({ timeout: ANSWER_MS, tries: 2 });
  if (options.server) resolver.setServers([options.server]);
  const since = Date.now();
  setTimeout(() => resolver.cancel(), options.deadlineMs).unref();
  const ask = async <Answer>(question: () => Promise<Answer[]>): Promise<Answer[]> => {
    if (Date.now() - since > options.deadlineMs) throw new Error("there was no time left to ask");
    try {
      return await question();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOTFOUND" || code === "ENODATA") return [];
      throw error;
    }
  };
  return {
    txt: async (name) => (await ask(() => resolver.resolveTxt(name))).map((parts) => parts.join("")),
    addresses: async (name) =>
      (await Promise.all([ask(() => resolver.resolve4(name)), ask(() => resolver.resolve6(name))])).flat(),
    mx: async (name) => {
      const found = await ask(() => resolver.resolveMx(name));
      return found.sort((one, other) => one.priority - other.priority);
    },
    reverse: (address) => ask(() => resolver.reverse(address)),
  };
}
