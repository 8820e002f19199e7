import { DomainError } from "@/lib/errors";
import { MAX_UPLOAD_BYTES, TOO_LARGE } from "@/lib/issues/images/upload-image";

/** Room for the frame that a multipart form puts around its one file. */
const MAX_BODY = MAX_UPLOAD_BYTES + 16 * 1024;

/**
 * The one file of a multipart form, in the field `file`. Reads no more of the body than a picture may have, whatever
 * its headers say. Throws INVALID, in words for the person who uploads.
 */
export async function readFile(request: Request): Promise<{ bytes: Uint8Array; name: string }> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(type) || !request.body) throw unknownShape();
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY)
    throw new DomainError("INVALID", TOO_LARGE);
  const body = request.body.pipeThrough(limit(MAX_BODY));
  const form = await new Response(body, { headers: { "Content-Type": type } })
    .formData()
    .catch((error: unknown) => {
      throw error instanceof DomainError ? error : unknownShape(error);
    });
  const [field, ...others] = [...form];
  if (!field || others.length > 0 || field[0] !== "file" || !(field[1] instanceof File)) throw unknownShape();
  return { bytes: new Uint8Array(await field[1].arrayBuffer()), name: field[1].name };
}

function limit(bytes: number): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0;
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > bytes) controller.error(new DomainError("INVALID", TOO_LARGE));
      else controller.enqueue(chunk);
    },
  });
}

function unknownShape(cause?: unknown): DomainError {
  return new DomainError("INVALID", "Send one picture, as a file.", { cause });
}
