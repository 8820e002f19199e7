import { z } from "zod";
import { DomainError } from "@/lib/errors";

/** Four bytes for each character that a document may have, and room for its braces. */
const MOST_BYTES = 8_000_000;

const object = z.record(z.string(), z.unknown());

/** The request's JSON object, read no further than an issue can be long. Throws INVALID. */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  if (Number(request.headers.get("content-length") ?? 0) > MOST_BYTES) throw tooLong();
  const text = await request.text();
  if (text.length > MOST_BYTES) throw tooLong();
  try {
    return object.parse(JSON.parse(text));
  } catch (cause) {
    throw new DomainError("INVALID", "The desk sent something that cannot be read. Reload the page.", {
      cause,
    });
  }
}

function tooLong(): DomainError {
  return new DomainError("INVALID", "The issue is too long to be saved in one piece.");
}
