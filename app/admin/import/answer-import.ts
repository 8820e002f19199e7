import { requireSameOrigin } from "@/lib/auth/same-origin";
import { getAuthor } from "@/lib/auth/viewer";
import { getEnv } from "@/lib/env";
import { DomainError, HTTP_STATUS } from "@/lib/errors";
import { log } from "@/lib/log";
import type { ImportLine } from "./import-answer";

/**
 * Answers an upload line by line while it is worked on. Asks for the author and the origin first; handlers instead of
 * server actions, because a file may be larger than an action takes and its report comes with progress. The work goes
 * on when the browser leaves.
 */
export async function answerImport(
  request: Request,
  work: (say: (line: ImportLine) => void) => Promise<ImportLine>,
): Promise<Response> {
  try {
    requireSameOrigin(request.headers, getEnv().PUBLIC_URL);
    if (!(await getAuthor())) return answer([{ problem: "You are signed out.", signedOut: true }], 401);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return answer([{ problem: error.message }], HTTP_STATUS[error.code]);
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const say = (line: ImportLine) => {
    writer
      .write(encoder.encode(`${JSON.stringify(line)}\n`))
      .catch(() => log.debug({ event: "import.unheard" }));
  };
  work(say)
    .catch((error: unknown): ImportLine => {
      if (error instanceof DomainError) return { problem: error.message };
      log.error({ event: "import.failed", error }, "an import failed");
      return { problem: "Something went wrong on our side. What came in before is kept; try it again." };
    })
    .then((line) => {
      say(line);
      return writer.close();
    })
    .catch(() => log.debug({ event: "import.unheard" }));
  return new Response(readable, { headers: HEADERS });
}

/** `no-transform` keeps compression from holding the lines back. */
const HEADERS = {
  "Content-Type": "application/x-ndjson; charset=utf-8",
  "Cache-Control": "private, no-store, no-transform",
};

function answer(lines: ImportLine[], status: number): Response {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return new Response(text, { status, headers: HEADERS });
}

const MOST_BYTES = 50 * 1024 * 1024;

/** The uploaded file, chunk by chunk, and never more than 50 MB of it. `onBytes` hears how much came so far. */
export async function* uploaded(
  request: Request,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES)
      throw new DomainError("INVALID", "The file is larger than 50 MB. Please split it.");
    onBytes(bytes);
    yield chunk;
  }
  if (bytes === 0) throw new DomainError("INVALID", "The file is empty.");
}
