import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { useTestDatabase } from "@/prisma/test-database";
import { createDiskStorage, type ImageStorage } from "./storage";
import { MAX_UPLOAD_BYTES, uploadImage } from "./upload-image";

const database = useTestDatabase({ emptyEachTime: true });
let folder = "";
let storage: ImageStorage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "images-"));
  storage = createDiskStorage(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const upload = (bytes: Uint8Array, name = "picture") =>
  uploadImage(database.db, { bytes, name }, { storage });

async function kept(src: string): Promise<Buffer> {
  const bytes = await storage.read(src.replace("/media/", ""));
  if (!bytes) throw new Error(`${src} is not in the storage.`);
  return bytes;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await upload(bytes).catch((thrown: unknown) => thrown);
  if (!(error instanceof DomainError)) throw new Error(`Not refused: ${JSON.stringify(error)}`);
  expect(error.code).toBe("INVALID");
  return error.message;
}

const RED = { r: 200, g: 30, b: 20, alpha: 1 };
const BLUE = { r: 20, g: 30, b: 200, alpha: 1 };

function plain(width: number, height: number, background = RED, channels: 3 | 4 = 3): Sharp {
  return sharp({ create: { width, height, channels, background } });
}

/** Pixels that no format can squeeze, as a photograph's. */
function noise(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3);
  let state = 1;
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[index] = 64 + (state >>> 25);
  }
  return sharp(data, { raw: { width, height, channels: 3 } }).blur(1);
}

async function animation(format: "gif" | "webp", frames: number): Promise<Buffer> {
  const width = 40;
  const height = 30;
  const pages = await Promise.all(
    Array.from({ length: frames }, (_, index) =>
      plain(width, height, { r: (index * 60) % 256, g: 200, b: 30, alpha: 1 })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(pages, { join: { animated: true } })
    [format]({ delay: pages.map(() => 200), loop: 0 })
    .toBuffer();
}

describe("a picture that is taken", () => {
  it.each([
    ["a JPEG", () => plain(320, 200).jpeg().toBuffer(), "jpg", "jpeg"],
    ["a PNG", () => plain(320, 200).png().toBuffer(), "png", "png"],
    ["a PNG with a palette", () => plain(320, 200).png({ palette: true }).toBuffer(), "png", "png"],
    ["a GIF", () => plain(320, 200).gif().toBuffer(), "gif", "gif"],
    ["an opaque WebP", () => plain(320, 200).webp().toBuffer(), "jpg", "jpeg"],
    [
      "a WebP that one sees through",
      () =>
        plain(320, 200, { ...RED, alpha: 0.5 }, 4)
          .webp()
          .toBuffer(),
      "png",
      "png",
    ],
    ["an AVIF", () => plain(320, 200).avif().toBuffer(), "jpg", "jpeg"],
    ["a grey JPEG", () => plain(320, 200).greyscale().jpeg().toBuffer(), "jpg", "jpeg"],
    ["a CMYK JPEG", () => plain(320, 200).toColourspace("cmyk").jpeg().toBuffer(), "jpg", "jpeg"],
    ["a PNG of 16 bits", () => plain(320, 200).toColourspace("rgb16").png().toBuffer(), "png", "png"],
    ["a heavy photograph as PNG", () => noise(900, 600).png().toBuffer(), "jpg", "jpeg"],
  ])("%s is kept as what every mail program shows", async (_name, make, ending, format) => {
    const image = await upload(await make());
    expect(image.src).toMatch(new RegExp(`^/media/[0-9a-f]{40}\\.${ending}$`));
    expect(image.note).toBeNull();
    const header = await sharp(await kept(image.src)).metadata();
    expect(header).toMatchObject({ format, width: image.width, height: image.height, depth: "uchar" });
    expect(["srgb", "b-w"]).toContain(header.space);
  });

  it("is known by its content, whatever its name says", async () => {
    const image = await upload(await plain(20, 20).png().toBuffer(), "holiday.jpg");
    expect(image.src).toMatch(/\.png$/);
  });

  it.each([
    [3_200, 1_000, 1_600, 500],
    [1_600, 900, 1_600, 900],
    [30, 20, 30, 20],
    [400, 24_000, 333, 20_000],
  ])("of %i by %i becomes %i by %i", async (width, height, newWidth, newHeight) => {
    const image = await upload(await plain(width, height).png().toBuffer());
    expect(image).toMatchObject({ width: newWidth, height: newHeight });
  });

  it("keeps its colours when it comes in a wider colour space", async () => {
    const image = await upload(await plain(40, 40).withIccProfile("p3").jpeg({ quality: 100 }).toBuffer());
    const bytes = await kept(image.src);
    expect((await sharp(bytes).metadata()).icc).toBeUndefined();
    const [red = 0, green = 0, blue = 0] = await sharp(bytes).raw().toBuffer();
    expect(Math.abs(red - RED.r) + Math.abs(green - RED.g) + Math.abs(blue - RED.b)).toBeLessThan(12);
  });

  it("loses where and with what it was taken", async () => {
    const secret = "Secret-Camera-9";
    const exif = {
      IFD0: { Make: secret, Artist: secret },
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: "51/1 30/1 0/1",
        GPSLongitudeRef: "W",
        GPSLongitude: "0/1 7/1 0/1",
      },
    };
    const xmp = `<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">${secret}</x:xmpmeta><?xpacket end="w"?>`;
    for (const format of ["jpeg", "png", "webp"] as const) {
      const bytes = await plain(60, 40).withExif(exif).withXmp(xmp)[format]().toBuffer();
      const before = await sharp(bytes).metadata();
      expect(before.exif?.toString("latin1"), format).toContain(secret);
      const result = await kept((await upload(bytes)).src);
      const after = await sharp(result).metadata();
      expect([after.exif, after.xmp, after.iptc, after.comments], format).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
      expect(result.includes(secret), format).toBe(false);
      expect(result.includes("GPS"), format).toBe(false);
    }
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "stands upright when it was taken in orientation %i",
    async (orientation) => {
      const upright = plain(60, 40).composite([
        { input: await plain(30, 20, BLUE).png().toBuffer(), left: 0, top: 0 },
      ]);
      const image = await upload(await turned(await upright.png().toBuffer(), orientation));
      expect([image.width, image.height]).toEqual([60, 40]);
      const { data, info } = await sharp(await kept(image.src))
        .raw()
        .toBuffer({ resolveWithObject: true });
      const blueAt = (x: number, y: number) => (data[(y * info.width + x) * info.channels + 2] ?? 0) > 120;
      expect([blueAt(5, 5), blueAt(55, 5), blueAt(5, 35), blueAt(55, 35)]).toEqual([
        true,
        false,
        false,
        false,
      ]);
    },
  );

  it.each(["gif", "webp"] as const)("moves on when it came as an animated %s", async (format) => {
    const image = await upload(await animation(format, 4));
    expect(image).toMatchObject({ width: 40, height: 30, note: null });
    expect(image.src).toMatch(/\.gif$/);
    const header = await sharp(await kept(image.src), { animated: true }).metadata();
    expect(header).toMatchObject({ pages: 4, pageHeight: 30, loop: 0, delay: [200, 200, 200, 200] });
  });

  it("stands still, and says so, when its animation cannot be mailed", async () => {
    const image = await upload(
      withChunk(await plain(20, 20).png().toBuffer(), "acTL", Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])),
    );
    expect(image.note).toContain("first frame");
  });

  it("gives the same answer and one row when it comes twice, even at once", async () => {
    const bytes = await noise(200, 100).jpeg().toBuffer();
    const [first, second] = await Promise.all([upload(bytes, "a.jpg"), upload(bytes, "b.jpg")]);
    expect(second).toEqual(first);
    expect(await upload(bytes, "c.jpg")).toEqual(first);
    const rows = await database.db.image.findMany();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      name: first.src.replace("/media/", ""),
      width: 200,
      height: 100,
      bytes: (await kept(first.src)).length,
    });
  });

  it.each([
    ["C:\\Users\\me\\Photos\\cat.png", "cat.png"],
    ["../../etc/passwd", "passwd"],
    ["a\u0000b\u202e.png", "ab.png"],
    ["", ""],
    ["x".repeat(500), "x".repeat(200)],
  ])("of the name %j is remembered as words only", async (name, remembered) => {
    await upload(await plain(10, 10).png().toBuffer(), name);
    expect((await database.db.image.findFirstOrThrow()).sourceName).toBe(remembered);
  });
});

describe("a file that is refused", () => {
  const text = (value: string) => Buffer.from(value, "latin1");

  it.each([
    ["nothing", async () => Buffer.alloc(0), "empty"],
    ["words", async () => text("Dear diary, today nothing happened."), "not a picture"],
    ["HTML", async () => text("<html><script>alert(1)</script></html>"), "not a picture"],
    ["SVG", async () => text('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), "SVG"],
    ["SVG after a declaration", async () => text('\xEF\xBB\xBF  <?xml version="1.0"?><svg/>'), "SVG"],
    ["PDF", async () => text("%PDF-1.7\n"), "PDF"],
    ["TIFF", async () => plain(9, 9).tiff().toBuffer(), "TIFF"],
    ["BMP", async () => text("BM\x46\0\0\0\0\0"), "BMP"],
    ["HEIC", async () => text("\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "HEIC"],
    ["a video", async () => text("\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), "video"],
    ["a JPEG's beginning only", async () => text("\xFF\xD8\xFF\xE0"), "damaged"],
    ["a JPEG cut off", async () => (await noise(300, 300).jpeg().toBuffer()).subarray(0, 9_000), "damaged"],
    ["a PNG cut off", async () => (await noise(300, 300).png().toBuffer()).subarray(0, 9_000), "damaged"],
    ["an AVIF cut off", async () => (await noise(300, 300).avif().toBuffer()).subarray(0, 400), "damaged"],
    ["a GIF cut off", async () => (await noise(300, 300).gif().toBuffer()).subarray(0, 500), "damaged"],
    ["a WebP cut off", async () => (await noise(300, 300).webp().toBuffer()).subarray(0, 900), "damaged"],
    ["a PNG bomb", async () => bombPng(60_000, 60_000), "60 million pixels"],
    ["a bomb of frames", async () => bombGif(8_000, 8_000, 20), "all its frames"],
    ["more than 15 MB", async () => Buffer.alloc(MAX_UPLOAD_BYTES + 1, 0xff), "15 MB"],
  ])("%s", async (_name, make, words) => {
    const before = await readdir(folder);
    expect(await refusal(await make())).toContain(words);
    expect(await readdir(folder)).toEqual(before);
    expect(await database.db.image.count()).toBe(0);
  });
});

/** The picture as a camera held otherwise would write it: pixels turned, and the orientation that undoes it. */
async function turned(upright: Buffer, orientation: number): Promise<Buffer> {
  const quarter = async (degrees: number) => sharp(await sharp(upright).rotate(degrees).png().toBuffer());
  const camera: Record<number, () => Promise<Sharp>> = {
    1: async () => sharp(upright),
    2: async () => sharp(upright).flop(),
    3: async () => sharp(upright).rotate(180),
    4: async () => sharp(upright).flip(),
    5: async () => (await quarter(90)).flop(),
    6: async () => quarter(270),
    7: async () => (await quarter(270)).flop(),
    8: async () => quarter(90),
  };
  const picture = await camera[orientation]?.();
  if (!picture) throw new Error(`There is no orientation ${orientation}.`);
  const pixels = await picture.png().toBuffer();
  return sharp(pixels).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Puts a chunk behind the PNG's header. */
function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  return Buffer.concat([png.subarray(0, 33), chunk(type, data), png.subarray(33)]);
}

/** A few kilobytes that claim to be gigabytes. */
function bombPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc(1_000_000));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1A\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function bombGif(width: number, height: number, frames: number): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16LE(width, 0);
  size.writeUInt16LE(height, 2);
  const head = Buffer.concat([
    Buffer.from("GIF89a"),
    size,
    Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
  ]);
  const pixels = Buffer.from([0, 2, 2, 0x44, 1, 0]);
  const frame = Buffer.concat([Buffer.from([0x2c, 0, 0, 0, 0]), size, pixels]);
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])]);
}
