import { appendFile, readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MessageStore } from "./store";
import { temporaryFolder } from "./test-mailbox";

const limits = { maxMessages: 100, segmentBytes: 1_000 };

function append(store: MessageStore, subject: string, bytes = 400) {
  const about = { from: "a@example.com", to: ["b@example.com"], date: null, messageId: null };
  return store.append(
    { ...about, subject, receivedAt: "2026-11-20T08:00:00.000Z" },
    Buffer.alloc(bytes, subject),
  );
}

const subjects = (store: MessageStore) => [...store.newestFirst()].map(({ subject }) => subject);

test("a record that a killed process left unfinished is left out, the others stay and new ones follow", async () => {
  const folder = await temporaryFolder();
  const first = await MessageStore.open(folder, limits);
  await Promise.all([append(first, "one"), append(first, "two")]);
  await first.close();
  const file = join(folder, (await readdir(folder))[0] ?? "");
  await appendFile(file, '{"id":3,"from":"a@exam');
  const second = await MessageStore.open(folder, limits);
  await append(second, "three");
  await second.close();
  const third = await MessageStore.open(folder, limits);
  expect(subjects(third)).toEqual(["three", "two", "one"]);
  expect((await third.readSource(3))?.subarray(0, 5).toString()).toBe("three");
});

test("a first record cut in its source counts as none, and its file is not written again", async () => {
  const folder = await temporaryFolder();
  const first = await MessageStore.open(folder, limits);
  await append(first, "one");
  await first.close();
  await truncate(join(folder, (await readdir(folder))[0] ?? ""), 300);
  const second = await MessageStore.open(folder, limits);
  expect(subjects(second)).toEqual([]);
  expect((await append(second, "two")).id).toBe(2);
  await second.close();
  expect(subjects(await MessageStore.open(folder, limits))).toEqual(["two"]);
});

test("files go when all of their messages are forgotten", async () => {
  const folder = await temporaryFolder();
  const store = await MessageStore.open(folder, { maxMessages: 3, segmentBytes: 1_000 });
  for (let at = 1; at <= 20; at += 1) await append(store, `number ${at}`);
  expect(subjects(store)).toEqual(["number 20", "number 19", "number 18"]);
  expect((await readdir(folder)).length).toBeLessThanOrEqual(3);
  expect(await store.readSource(1)).toBeNull();
  expect(await store.readSource(19)).toHaveLength(400);
  await store.close();
});

test("a source larger than its limit is read up to it", async () => {
  const store = await MessageStore.open(await temporaryFolder(), limits);
  await append(store, "one");
  expect(await store.readSource(1, 10)).toHaveLength(10);
  await store.close();
});
