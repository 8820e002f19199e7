import fc from "fast-check";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import {
  fillMessage,
  type HeadValues,
  prepareBody,
  prepareMessage,
  quotedPrintable,
  writeMessage,
} from "./mime";
import { escapeHtml, fillSlots, slot, withoutSlotMarks } from "./personalise";

const HEADERS = [["Subject", "Test"]] as const;
const VALUES = {
  unsubscribeUrl: "https://example.com/unsubscribe?token=abc.def&x=1",
  statusLine: "You are on trial until 1 December; “then” $3 & more <tags>",
};

async function parse(mail: { text: string; html: string }) {
  const message = writeMessage(HEADERS, prepareBody({ ...mail, seed: "seed" }), VALUES);
  const lines = message.toString("latin1").split("\r\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  expect(/\P{ASCII}|[^\r]\n/u.test(message.toString("latin1"))).toBe(false);
  const parsed = await simpleParser(message);
  return { text: parsed.text ?? "", html: parsed.html || "" };
}

test("values stand where their slots were, escaped in HTML alone", async () => {
  const parsed = await parse({
    text: `Before ${slot("statusLine")} after.\n${slot("unsubscribeUrl")}\n`,
    html: `<p>Before ${slot("statusLine")}</p><a href="${slot("unsubscribeUrl")}">end</a>`,
  });
  expect(parsed.text).toBe(`Before ${VALUES.statusLine} after.\n${VALUES.unsubscribeUrl}\n`);
  expect(parsed.html).toBe(
    `<p>Before ${escapeHtml(VALUES.statusLine)}</p><a href="${escapeHtml(VALUES.unsubscribeUrl)}">end</a>`,
  );
});

test("a value that holds a slot's mark is not looked at again", () => {
  const values = { unsubscribeUrl: "secret", statusLine: slot("unsubscribeUrl") };
  expect(fillSlots(`a ${slot("statusLine")} b`, values, (value) => value)).not.toContain("secret");
});

test("an author's slot marks are removed", () => {
  expect(withoutSlotMarks(`x${slot("unsubscribeUrl")}y`)).toBe("xunsubscribeUrly");
});

test("the same mail gives the same bytes", () => {
  const write = () => writeMessage(HEADERS, prepareBody({ text: "a", html: "b", seed: "s" }), null);
  expect(write().equals(write())).toBe(true);
});

test("a filled copy is what the same fields and values written at once give", () => {
  const head = {
    to: "reader@example.com",
    messageId: "<a.b@example.com>",
    oneClickUrl: "https://example.com/api?t=1",
  };
  const fields = (values: HeadValues) =>
    [
      ["To", values.to],
      ["Subject", "Test"],
      ["Message-ID", values.messageId],
      ["List-Unsubscribe", `<${values.oneClickUrl}>`],
    ] as const;
  const body = prepareBody({ text: `.${slot("statusLine")}`, html: slot("unsubscribeUrl"), seed: "seed" });
  expect(fillMessage(prepareMessage(fields, body), { ...head, ...VALUES }).toString()).toBe(
    writeMessage(fields(head), body, VALUES).toString(),
  );
});

test.each(["a@x.test\r\nBcc: b@z.test", "", "a b@x.test", "ä@x.test"])(
  "a head is not filled with %j",
  (to) => {
    const message = prepareMessage(
      (values) => [["To", values.to]],
      prepareBody({ text: "", html: "", seed: "s" }),
    );
    expect(() =>
      fillMessage(message, { to, messageId: "<a@b>", oneClickUrl: "https://x", ...VALUES }),
    ).toThrow(RangeError);
  },
);

test("a mail with slots is not written without values", () => {
  const body = prepareBody({ text: slot("statusLine"), html: "", seed: "s" });
  expect(() => writeMessage(HEADERS, body, null)).toThrow(RangeError);
});

test.each([74, 75, 76, 77, 150, 151])(
  "a plain line of %i with signs to encode at its breaks is whole",
  (length) => {
    for (let at = 0; at < length; at += 1) {
      const line = `${"a".repeat(at)}=${"b".repeat(length - at - 1)}`;
      const encoded = quotedPrintable(line);
      expect(encoded.split("\r\n").every((each) => each.length <= 76)).toBe(true);
      expect(encoded.replaceAll("=\r\n", "").replaceAll("=3D", "=")).toBe(line);
    }
  },
);

test("any text survives, with no line over 76", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 160 }), (text) => {
      const encoded = quotedPrintable(text);
      expect(encoded.split("\r\n").every((line) => line.length <= 76)).toBe(true);
      const decoded = encoded
        .replace(/=\r\n/g, "")
        .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      const expected = Buffer.from(text.replace(/\r\n|\r|\n/g, "\r\n"), "utf8").toString("latin1");
      expect(decoded).toBe(expected);
    }),
  );
});
