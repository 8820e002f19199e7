import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { freePort, isFree } from "@/sandbox/process/ports";
import { choosePorts } from "./ports";

const servers: Server[] = [];

async function occupy(host: string): Promise<number> {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((listening) => server.listen(port, host, listening));
  servers.push(server);
  return port;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
});

test("a port that was set is kept", async () => {
  const port = await freePort();
  const { ports, notes } = await choosePorts({ PORT: port }, ["PORT"]);
  expect(ports.PORT).toBe(port);
  expect(notes).toEqual([]);
});

test("a port that was set and is in use is refused by the name of its variable", async () => {
  const port = await occupy("127.0.0.1");
  await expect(choosePorts({ MAILBOX_PORT: port }, ["MAILBOX_PORT"])).rejects.toThrow(
    new RegExp(`Port ${port} .*in use.*MAILBOX_PORT`),
  );
});

test("two services never get the same port", async () => {
  const port = await freePort();
  const set = { PORT: port, MAILBOX_PORT: port };
  await expect(choosePorts(set, ["PORT", "MAILBOX_PORT"])).rejects.toThrow("given to two services");
});

test("what the environment replaces needs no port, so a busy one does not matter", async () => {
  const port = await occupy("127.0.0.1");
  await expect(choosePorts({ STRIPE_SANDBOX_PORT: port }, [])).resolves.toMatchObject({ notes: [] });
});

test("ports that nobody set are free, and different from each other", async () => {
  const { ports } = await choosePorts({}, ["PORT", "MAILBOX_PORT", "MAILBOX_SMTP_PORT"]);
  const chosen = [ports.PORT, ports.MAILBOX_PORT, ports.MAILBOX_SMTP_PORT];
  expect(new Set(chosen).size).toBe(3);
  for (const port of chosen) expect(await isFree(port)).toBe(true);
});
