import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROJECT } from "./project";
import { wayOutOf, withoutStack } from "./refusal";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-refusal-"));
});
afterAll(() => rm(folder, { recursive: true }));

const systemError = (code: string, fields: object = {}) =>
  Object.assign(new Error(`${code}: refused`), { code, ...fields });

test.each([
  ["a full disk", systemError("ENOSPC"), "The disk is full. Make room"],
  [
    "a full disk in Rust's words",
    "failed to write\n- No space left on device (os error 28)",
    "The disk is full",
  ],
  [
    "a full disk in Postgres's words",
    'could not write to file "x": No space left on device',
    "The disk is full",
  ],
  [
    "a disk that can only be read",
    "EROFS: read-only file system, mkdir '/x/.next'",
    "can only be read (/x/.next)",
  ],
  ["too many open files", systemError("EMFILE"), "ulimit -n"],
  ["no memory", systemError("ENOMEM"), "memory"],
  [
    "a port in use",
    "Error: listen EADDRINUSE: address already in use 127.0.0.1:4600",
    "another program at this moment (4600)",
  ],
  [
    "an address of another machine",
    "Error: listen EADDRNOTAVAIL: address not available 192.0.2.1:3000",
    "HOST is no address",
  ],
  [
    "a name that is none",
    "  ⨯ Failed to start server\n  Error: getaddrinfo ENOTFOUND 256.1.1.1",
    "HOST is no address",
  ],
])("%s is told with what to do", (_, refusal, says) => {
  expect(wayOutOf(refusal)).toContain(says);
});

test.each([
  ["a mistake in the code", new TypeError("x is not a function")],
  ["a program's words", "Type error: no"],
  ["nothing", undefined],
])("%s is no refusal of the system", (_, refusal) => {
  expect(wayOutOf(refusal)).toBeUndefined();
});

test("a denied file that is not there yet is told by the folder that refuses it", () => {
  const path = join(PROJECT, "cli", "no such folder", "running.json");
  const said = wayOutOf(systemError("EACCES", { path }));
  expect(said).toContain(`Permission denied (${path}).`);
  expect(said).toMatch(/ch(mod|own) -R \S+ \S*\/cli$/m);
});

test("nobody is advised to take over what lies outside of the project", async () => {
  await writeFile(join(folder, "theirs"), "");
  const said = wayOutOf(systemError("EPERM", { path: join(folder, "theirs") }));
  expect(said).toContain("name another place");
  expect(said).not.toMatch(/chown|chmod/);
});

test("a real refusal is understood as the system gives it", async () => {
  const [first, second] = [createServer(), createServer()];
  await new Promise<void>((listening) => first.listen(0, "127.0.0.1", listening));
  const address = first.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const refused = new Promise<unknown>((resolve) => second.once("error", resolve));
  second.listen(address.port, "127.0.0.1");
  expect(wayOutOf(await refused)).toContain(`(${address.port})`);
  await new Promise((closed) => first.close(closed));
});

test("a printed error keeps its words and loses its stack", () => {
  const printed = `⨯ Failed to start server
Error: listen EADDRINUSE: address already in use 127.0.0.1:4600
    at ignore-listed frames {
  code: 'EADDRINUSE',
  errno: -98,
  port: 4600
}`;
  expect(withoutStack(printed)).toBe(
    "⨯ Failed to start server\nError: listen EADDRINUSE: address already in use 127.0.0.1:4600",
  );
});
