import { crc32, deflateSync } from "node:zlib";
import type { APIRequestContext } from "@playwright/test";
import { expect, newAddress, test } from "./setup/fixtures";
import { subscribe } from "./setup/readers";

const PNG = makePng(40, 30);

function post(request: APIRequestContext, site: string, file: Buffer, origin: string | null = site) {
  return request.post(`${site}/admin/images`, {
    headers: origin === null ? {} : { Origin: origin },
    multipart: { file: { name: "picture.png", mimeType: "image/png", buffer: file } },
  });
}

test("the author uploads a picture, and everybody who has its address sees it", async ({
  authorRequest,
  request,
  running,
}) => {
  const answer = await post(authorRequest, running.site, PNG);
  expect(answer.status()).toBe(201);
  const { src, width, height } = await answer.json();
  expect([width, height]).toEqual([40, 30]);
  expect(src).toMatch(/^\/media\/[0-9a-f]{40}\.png$/);
  const again = await post(authorRequest, running.site, PNG);
  expect((await again.json()).src).toBe(src);

  const seen = await request.get(`${running.site}${src}`);
  expect(seen.headers()).toMatchObject({ "content-type": "image/png", "x-content-type-options": "nosniff" });
  expect(seen.headers()["cache-control"]).toContain("immutable");
});

test("the browser of the desk itself uploads what the author drops", async ({ page, author, signIn }) => {
  await signIn(author, { next: "/admin" });
  const upload = (content: number[]) =>
    page.evaluate(async (bytes) => {
      const form = new FormData();
      form.set("file", new File([new Uint8Array(bytes)], "dropped"));
      const response = await fetch("/admin/images", { method: "POST", body: form });
      return { status: response.status, ...(await response.json()) };
    }, content);
  expect(await upload([...PNG])).toMatchObject({ status: 201, width: 40 });
});

test.describe("refused", () => {
  test("strangers and subscribers, wherever they ask from", async ({
    newReader,
    request,
    running,
    mailbox,
  }) => {
    const stranger = await post(request, running.site, PNG);
    expect(stranger.status()).toBe(403);
    expect((await stranger.json()).problem).toContain("Sign in");
    const reader = await newReader();
    await subscribe(reader, mailbox, newAddress());
    expect((await post(reader, running.site, PNG)).status()).toBe(403);
  });

  test("the author's own browser, led by another site", async ({ authorRequest, running }) => {
    for (const origin of ["https://elsewhere.example", "null", null])
      expect((await post(authorRequest, running.site, PNG, origin)).status(), String(origin)).toBe(403);
  });

  test("what is no single picture, with words for the author", async ({ authorRequest, running }) => {
    const send = async (options: Parameters<APIRequestContext["post"]>[1]) => {
      const answer = await authorRequest.post(`${running.site}/admin/images`, {
        ...options,
        headers: { Origin: running.site, ...options?.headers },
      });
      return { status: answer.status(), problem: (await answer.json()).problem as string };
    };
    const file = (buffer: Buffer) => ({ name: "a.png", mimeType: "image/png", buffer });
    expect(await send({ multipart: { file: file(Buffer.from("<svg/>")) } })).toEqual({
      status: 422,
      problem: expect.stringContaining("SVG"),
    });
    const large = await send({ multipart: { file: file(Buffer.alloc(16 * 1024 * 1024)) } });
    expect(large).toEqual({ status: 422, problem: expect.stringContaining("15 MB") });
    const wrong = { status: 422, problem: "Send one picture, as a file." };
    expect(await send({ multipart: { file: "words" } })).toEqual(wrong);
    expect(await send({ multipart: { file: file(PNG), other: "words" } })).toEqual(wrong);
    expect(await send({ multipart: { picture: file(PNG) } })).toEqual(wrong);
    expect(await send({ data: { file: "x" } })).toEqual(wrong);
    expect(
      await send({ data: "nothing", headers: { "Content-Type": "multipart/form-data; boundary=x" } }),
    ).toEqual(wrong);
  });
});

function makePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const pixels = deflateSync(Buffer.alloc((width * 3 + 1) * height));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1A\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
