import { getEnv } from "@/lib/env";
import { createDiskStorage, IMAGE_NAME } from "@/lib/issues/images/storage";

const TYPES = { png: "image/png", jpg: "image/jpeg", webp: "image/webp", gif: "image/gif" } as const;

/**
 * A picture of an issue. Its name is made from its bytes, so it never changes and cannot be guessed; whoever has the
 * name may see it, members' pictures included, because mail programs ask without a session.
 */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ name: string }> },
): Promise<Response> {
  const { name } = await params;
  const format = IMAGE_NAME.exec(name)?.[1];
  const bytes = format ? await createDiskStorage(getEnv().MEDIA_FOLDER).read(name) : null;
  if (!bytes)
    return new Response("There is no such picture.\n", {
      status: 404,
      headers: { "Cache-Control": "public, max-age=60", "Content-Type": "text/plain; charset=utf-8" },
    });
  return new Response(new Uint8Array(bytes), {
    headers: {
      "Content-Type": TYPES[format as keyof typeof TYPES],
      "Content-Length": String(bytes.byteLength),
      "Cache-Control": "public, max-age=31536000, immutable",
      "Content-Security-Policy": "default-src 'none'; sandbox",
    },
  });
}
