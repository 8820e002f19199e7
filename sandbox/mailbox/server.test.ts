import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { openMailbox, temporaryFolder } from "./test-mailbox";

const html = `<html><head><style>@media (prefers-color-scheme: dark){p{color:red}}</style></head>
<body><script>alert(1)</script><p><a href="https://example.com/?a=1&amp;b=2">go</a></p></body></html>`;

describe("a message that came over SMTP", () => {
  test("is listed, taken apart and given back byte for byte", async () => {
    const box = await openMailbox();
    const body = "First line\n.leading dot\n..two dots\nRead https://example.com/text.\n";
    const sent = await box.send(["Ann@example.com", "bob@example.com"], "Grüße aus Köln", {
      text: body,
      html,
    });
    const list = await (await box.get("/api/messages")).json();
    expect(list).toMatchObject({
      total: 1,
      messages: [
        {
          id: 1,
          from: "author@example.com",
          to: ["Ann@example.com", "bob@example.com"],
          subject: "Grüße aus Köln",
        },
      ],
    });
    const [summary] = list.messages;
    expect(summary.messageId).toBe(sent.messageId);
    const message = await (await box.get("/api/messages/1")).json();
    expect(message.text).toBe(body);
    expect(message.html).toContain("<script>alert(1)</script>");
    expect(message.links).toEqual(["https://example.com/?a=1&b=2", "https://example.com/text"]);
    expect(message.headers).toContainEqual({ name: "Message-ID", value: sent.messageId });
    const source = await (await box.get("/api/messages/1/source")).arrayBuffer();
    expect(source.byteLength).toBe(summary.size);
    expect(Buffer.from(source).toString()).toContain("\r\n.leading dot\r\n..two dots\r\n");
  });

  test("has null for the parts that it lacks, and its attachments", async () => {
    const box = await openMailbox();
    await box.send("ann@example.com", "Only HTML", { html: "<p>x</p>" });
    await box.transport.sendMail({
      to: "ann@example.com",
      text: "t",
      attachments: [{ filename: "a.txt", content: "abc" }],
    });
    expect(await (await box.get("/api/messages/1")).json()).toMatchObject({ text: null, attachments: [] });
    expect(await (await box.get("/api/messages/2")).json()).toMatchObject({
      subject: "",
      html: null,
      attachments: [{ filename: "a.txt", contentType: "text/plain", size: 3 }],
    });
    expect((await box.get("/api/messages/2/html")).status).toBe(404);
  });

  test("is taken with any user name and password", async () => {
    const box = await openMailbox();
    const { createTransport } = await import("nodemailer");
    const transport = createTransport({
      port: box.smtpPort,
      host: "127.0.0.1",
      auth: { user: "u", pass: "p" },
    });
    expect(await transport.verify()).toBe(true);
    transport.close();
  });

  test("that breaks off is not recorded, and the next one is", async () => {
    const box = await openMailbox();
    const socket = connect(box.smtpPort, "127.0.0.1");
    socket.write("EHLO me\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n");
    for await (const answer of socket) if (String(answer).includes("354")) break;
    socket.destroy();
    const broken = connect(box.smtpPort, "127.0.0.1");
    broken.write("EHLO me\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nSubject: half");
    broken.on("data", (answer) => String(answer).includes("354") && broken.destroy());
    await once(broken, "close");
    await box.send("ann@example.com", "Whole");
    expect(await (await box.get("/api/messages")).json()).toMatchObject({
      total: 1,
      messages: [{ subject: "Whole" }],
    });
  });

  test("over 25 MB is refused and not recorded", async () => {
    const box = await openMailbox();
    const content = Buffer.alloc(20 * 1024 * 1024, 1);
    const oversized = box.transport.sendMail({
      to: "ann@example.com",
      text: "t",
      attachments: [{ content, filename: "big" }],
    });
    await expect(oversized).rejects.toMatchObject({ responseCode: 552 });
    expect(await (await box.get("/api/messages")).json()).toMatchObject({ total: 0 });
  });
});

test("two thousand messages at once are all recorded, each once", async () => {
  const box = await openMailbox();
  const names = Array.from({ length: 2_000 }, (_, at) => `reader${at}@example.com`);
  await Promise.all(names.map((name) => box.send(name, `Issue for ${name}`)));
  const { total, messages } = await (await box.get("/api/messages?limit=10000")).json();
  expect(total).toBe(2_000);
  expect(messages.map(({ to }: { to: string[] }) => to[0]).sort()).toEqual(names.sort());
  expect(messages.map(({ id }: { id: number }) => id)).toEqual(
    Array.from({ length: 2_000 }, (_, at) => 2_000 - at),
  );
  expect(await (await box.get("/api/stats")).json()).toEqual({
    total: 2_000,
    forgotten: 0,
    uniqueRecipients: 2_000,
    duplicates: [],
  });
}, 60_000);

test("the same Message-ID twice to one address counts as a duplicate", async () => {
  const box = await openMailbox();
  for (const to of ["ann@example.com", "ANN@example.com", "bob@example.com"]) {
    await box.transport.sendMail({ to, text: "t", messageId: "<one@example.com>" });
  }
  expect(await (await box.get("/api/stats")).json()).toMatchObject({
    uniqueRecipients: 2,
    duplicates: [{ messageId: "<one@example.com>", to: "ann@example.com", count: 2 }],
  });
});

describe("asking for messages", () => {
  test.each([
    ["to=ann@example.com", ["Invoice", "Hello Ann"]],
    ["to=ANN", ["Hello Joann", "Invoice", "Hello Ann"]],
    ["subject=hello", ["Hello Joann", "Hello Ann"]],
    ["q=invoice", ["Invoice"]],
    ["since=1", ["Hello Joann", "Invoice"]],
    ["limit=1&offset=1", ["Invoice"]],
    ["to=nobody", []],
  ])("%s finds %j", async (query, subjects) => {
    const box = await openMailbox();
    await box.send("ann@example.com", "Hello Ann");
    await box.send("ann@example.com", "Invoice");
    await box.send("joann@example.com", "Hello Joann");
    const { messages } = await (await box.get(`/api/messages?${query}`)).json();
    expect(messages.map(({ subject }: { subject: string }) => subject)).toEqual(subjects);
  });

  test("what cannot be read is answered with 400 and the field's name", async () => {
    const box = await openMailbox();
    const response = await box.get("/api/messages?limit=many");
    expect(response.status).toBe(400);
    expect((await response.json()).error).toContain("limit");
  });

  test("an unknown message is 404 in the API and on the page", async () => {
    const box = await openMailbox();
    for (const path of [
      "/api/messages/7",
      "/api/messages/7/source",
      "/messages/7",
      "/api/nothing",
      "/nothing",
    ]) {
      expect((await box.get(path)).status).toBe(404);
    }
  });
});

describe("waiting", () => {
  test("answers as soon as a matching message arrives, and not for another", async () => {
    const box = await openMailbox();
    const waiting = box.get("/api/messages/wait?to=ann@example.com&subject=code");
    await box.send("bob@example.com", "Your code");
    await box.send("ann@example.com", "Welcome");
    await box.send("ann@example.com", "Your code");
    const response = await waiting;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: 3, to: ["ann@example.com"], subject: "Your code" });
  });

  test("gives the newest there is, or the first one after a given one", async () => {
    const box = await openMailbox();
    for (const subject of ["One", "Two", "Three"]) await box.send("ann@example.com", subject);
    expect(await (await box.get("/api/messages/wait")).json()).toMatchObject({ subject: "Three" });
    expect(await (await box.get("/api/messages/wait?after=1")).json()).toMatchObject({ subject: "Two" });
  });

  test("ends with 408 when the time is up", async () => {
    const box = await openMailbox();
    await box.send("ann@example.com");
    expect((await box.get("/api/messages/wait?after=1&timeout=20")).status).toBe(408);
  });
});

describe("addresses that misbehave", () => {
  test.each([
    ["bounce@example.com", 550],
    ["full+3@example.com", 452],
  ])("%s is refused with %i, every time", async (address, responseCode) => {
    const box = await openMailbox();
    await expect(box.send(address)).rejects.toMatchObject({ responseCode });
    await expect(box.send(address)).rejects.toMatchObject({ responseCode });
    expect(await (await box.get("/api/messages")).json()).toMatchObject({ total: 0 });
  });

  test("greylisting refuses the first contact and takes the second", async () => {
    const box = await openMailbox();
    await expect(box.send("greylist+a@example.com")).rejects.toMatchObject({
      responseCode: 450,
      response: expect.stringContaining("4.2.0"),
    });
    await box.send("greylist+a@example.com");
    await expect(box.send("greylist+b@example.com")).rejects.toMatchObject({ responseCode: 450 });
    expect(await (await box.get("/api/messages")).json()).toMatchObject({ total: 1 });
  });

  test("a slow address is answered two seconds late", async () => {
    const box = await openMailbox();
    const started = performance.now();
    await box.send("slow@example.com");
    expect(performance.now() - started).toBeGreaterThan(1_900);
  });

  test("a dropped connection leaves the sender without an answer and the message recorded", async () => {
    const box = await openMailbox();
    const { createTransport } = await import("nodemailer");
    const transport = createTransport(box.smtpUrl);
    await expect(transport.sendMail({ to: "drop@example.com", text: "t" })).rejects.toThrow();
    transport.close();
    expect(await (await box.get("/api/messages/wait?to=drop@example.com")).json()).toMatchObject({ id: 1 });
  });
});

describe("what outlives what", () => {
  test("a restart with the same folder keeps messages and goes on counting", async () => {
    const dataFolder = await temporaryFolder();
    const first = await openMailbox({ dataFolder });
    await first.send("ann@example.com", "Kept");
    await first.close();
    const second = await openMailbox({ dataFolder });
    await second.send("ann@example.com", "Next");
    const { messages } = await (await second.get("/api/messages")).json();
    expect(messages).toMatchObject([
      { id: 2, subject: "Next" },
      { id: 1, subject: "Kept" },
    ]);
    expect(await (await second.get("/api/messages/1")).json()).toMatchObject({ text: "Hi\n" });
  });

  test("deleting removes everything and ids go on, also after a restart", async () => {
    const dataFolder = await temporaryFolder();
    const first = await openMailbox({ dataFolder });
    await first.send("ann@example.com");
    expect((await fetch(`${first.webUrl}/api/messages`, { method: "DELETE" })).status).toBe(200);
    expect(await (await first.get("/api/messages")).json()).toEqual({ total: 0, messages: [] });
    await first.close();
    const second = await openMailbox({ dataFolder });
    await second.send("ann@example.com");
    expect(await (await second.get("/api/messages")).json()).toMatchObject({ messages: [{ id: 2 }] });
  });

  test("beyond the limit the oldest message goes", async () => {
    const box = await openMailbox({ maxMessages: 2 });
    for (const subject of ["One", "Two", "Three"]) await box.send("ann@example.com", subject);
    expect(await (await box.get("/api/messages")).json()).toMatchObject({
      total: 2,
      messages: [{ id: 3 }, { id: 2 }],
    });
    expect(await (await box.get("/api/stats")).json()).toMatchObject({ forgotten: 1 });
    expect((await box.get("/api/messages/1")).status).toBe(404);
  });

  test("a port in use rejects and leaves nothing open", async () => {
    const { startMailbox } = await import("./server");
    const box = await openMailbox();
    await expect(startMailbox({ smtpPort: 0, webPort: box.webPort })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
    await expect(startMailbox({ smtpPort: box.smtpPort, webPort: 0 })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });
});

describe("the pages", () => {
  const hostile = `<script>alert("x")</script> & "quotes" 'too'`;

  test("show a hostile subject and search as text", async () => {
    const box = await openMailbox();
    await box.send("ann@example.com", hostile);
    for (const path of ["/", "/messages/1", `/?q=${encodeURIComponent(hostile)}`]) {
      const source = await (await box.get(path)).text();
      expect(source).toContain(
        "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &quot;quotes&quot; &#39;too&#39;",
      );
      expect(source).not.toContain("<script>");
    }
  });

  test("show text, headers and source without running anything in them", async () => {
    const box = await openMailbox();
    await box.send("ann@example.com", "x", { text: hostile, html });
    for (const view of ["text", "headers", "source"]) {
      expect(await (await box.get(`/messages/1?view=${view}`)).text()).not.toContain("<script>");
    }
  });

  test("put HTML into a frame that may run no script, with a policy of its own", async () => {
    const box = await openMailbox();
    await box.send("ann@example.com", "x", { html });
    expect(await (await box.get("/messages/1")).text()).toMatch(
      /<iframe[^>]+sandbox="(?![^"]*allow-scripts)/,
    );
    const shown = await box.get("/api/messages/1/html?images=off&scheme=dark");
    const policy = shown.headers.get("content-security-policy");
    expect(policy).toMatch(/^sandbox (?!.*allow-scripts).*default-src 'none'.*img-src 'none'/);
    expect(await shown.text()).toContain("(min-width: 0)");
  });

  test("lead through many messages, fifty at a time", async () => {
    const box = await openMailbox();
    await Promise.all(Array.from({ length: 60 }, (_, at) => box.send(`reader${at}@example.com`)));
    expect(await (await box.get("/")).text()).toContain('href="/?page=2"');
    const second = await (await box.get("/?page=2")).text();
    expect(second.match(/class="subject"/g)).toHaveLength(10);
    expect(await (await box.get("/messages/30")).text()).toMatch(/messages\/31[\s\S]*messages\/29/);
  });
});

describe("requests from elsewhere", () => {
  async function raw(port: number, lines: string[]): Promise<string> {
    const socket = connect(port, "127.0.0.1");
    socket.write(`${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n`);
    return text(socket);
  }

  test("under a foreign name or from a foreign page change and read nothing", async () => {
    const box = await openMailbox();
    await box.send("ann@example.com");
    const host = `Host: 127.0.0.1:${box.webPort}`;
    expect(await raw(box.webPort, ["GET /api/messages HTTP/1.1", "Host: evil.example"])).toMatch(
      /^HTTP\/1.1 403/,
    );
    const foreign = ["POST /delete HTTP/1.1", host, "Origin: https://evil.example"];
    expect(await raw(box.webPort, foreign)).toMatch(/^HTTP\/1.1 403/);
    expect(await (await box.get("/api/messages")).json()).toMatchObject({ total: 1 });
    const own = ["POST /delete HTTP/1.1", host, `Origin: http://127.0.0.1:${box.webPort}`];
    expect(await raw(box.webPort, own)).toMatch(/^HTTP\/1.1 303/);
    expect(await (await box.get("/api/messages")).json()).toMatchObject({ total: 0 });
  });
});
