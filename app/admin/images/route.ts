import { requireSameOrigin } from "@/lib/auth/same-origin";
import { getAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError, HTTP_STATUS } from "@/lib/errors";
import { createDiskStorage } from "@/lib/issues/images/storage";
import { uploadImage } from "@/lib/issues/images/upload-image";
import { log } from "@/lib/log";
import { readFile } from "./read-file";

const headers = { "Cache-Control": "private, no-store" };

/** Takes one picture from the editor: 201 `{ src, width, height, note }`, or `{ problem }` in words for the author. */
export async function POST(request: Request): Promise<Response> {
  const { PUBLIC_URL, MEDIA_FOLDER } = getEnv();
  try {
    requireSameOrigin(request.headers, PUBLIC_URL);
    if (!(await getAuthor()))
      throw new DomainError("FORBIDDEN", "Sign in at the desk again, in another tab, then try once more.");
    const storage = createDiskStorage(MEDIA_FOLDER);
    const image = await uploadImage(getDatabase(), await readFile(request), { storage });
    return Response.json(image, { status: 201, headers });
  } catch (error) {
    if (error instanceof DomainError)
      return Response.json({ problem: error.message }, { status: HTTP_STATUS[error.code], headers });
    log.error({ event: "issues.image-not-kept", error }, "A picture could not be kept.");
    const problem = "The picture could not be kept. Nothing else is lost; please try again.";
    return Response.json({ problem }, { status: 500, headers });
  }
}
