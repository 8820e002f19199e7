import { createServer } from "node:net";

/** A port on this machine's loopback addresses that nobody uses now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 20; tries += 1) {
    const port = await listenOnce(0, "127.0.0.1");
    if (typeof port === "number" && (await isFree(port))) return port;
  }
  throw new Error("The system gave no free port.");
}

/** "localhost" is the one or the other, as the system likes. A machine may lack IPv6. */
export async function isFree(port: number): Promise<boolean> {
  const answers = await Promise.all([listenOnce(port, "127.0.0.1"), listenOnce(port, "::1")]);
  return !answers.includes("EADDRINUSE") && !answers.includes("EACCES");
}

/** The first free port at or after `preferred`, leaving out those already promised to somebody. */
export async function nextFreePort(
  preferred: number,
  taken: ReadonlySet<number> = new Set(),
): Promise<number> {
  const last = Math.min(preferred + 100, 65_535);
  for (let port = preferred; port <= last; port += 1) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  return freePort();
}

/** The port that was listened on for a moment, or the error's code. */
async function listenOnce(port: number, host: string): Promise<number | string> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<number | string>();
  server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
  server.listen({ port, host, exclusive: true }, () => {
    const address = server.address();
    const given = address !== null && typeof address === "object" ? address.port : "unknown";
    server.close(() => resolve(given));
  });
  return promise;
}
