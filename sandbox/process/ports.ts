import { createServer } from "node:net";

/** A port on 127.0.0.1 that nobody uses now. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("The system gave no free port.");
  return port;
}

export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
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

async function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  server.once("error", () => resolve(undefined));
  server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
    const address = server.address();
    const given = address !== null && typeof address === "object" ? address.port : undefined;
    server.close(() => resolve(given));
  });
  return promise;
}
