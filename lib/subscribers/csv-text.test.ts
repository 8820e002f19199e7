import { expect, it } from "vitest";
import { decodeListFile, findDelimiter } from "./csv-text";

async function* pieces(...parts: string[]): AsyncGenerator<string> {
  yield* parts;
}

async function textOf(text: AsyncIterable<string>): Promise<string> {
  let all = "";
  for await (const piece of text) all += piece;
  return all;
}

it("stops reading at fifty megabytes, whatever follows", async () => {
  let given = 0;
  async function* endless() {
    const chunk = new Uint8Array(1024 * 1024).fill(120);
    for (;;) {
      given += 1;
      yield chunk;
    }
  }
  await expect(textOf(decodeListFile(endless(), () => {}))).rejects.toThrow("50 MB");
  expect(given).toBe(51);
});

it.each([
  ["email,name", ","],
  ["email;name;status", ";"],
  ["email\tname", "\t"],
  ["email", ","],
  ["\r\n\nemail;name", ";"],
])("%j is split at %j", async (head, delimiter) => {
  expect((await findDelimiter(pieces(`${head}\na,b,c,d;e\n`))).delimiter).toBe(delimiter);
});

it("loses nothing while it looks, however the text is cut", async () => {
  const { delimiter, whole } = await findDelimiter(pieces("em", "ail;na", "me\na;b", "\nc;d"));
  expect(delimiter).toBe(";");
  expect(await textOf(whole)).toBe("email;name\na;b\nc;d");
});

it("reads an empty file as an empty text", async () => {
  expect(await textOf((await findDelimiter(pieces())).whole)).toBe("");
});
