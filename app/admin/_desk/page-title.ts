import type { Metadata } from "next";
import { connection } from "next/server";
import { getAuthor } from "@/lib/auth/viewer";
import { log } from "@/lib/log";

/**
 * A page of one thing is called by its name, for authors alone; `otherwise` for everybody else and where it has none. Never
 * throws: when that happens at request time, the framework never ends the response, and the page itself says what failed.
 */
export async function titleForAuthors(
  otherwise: string,
  findName: () => Promise<string | null | undefined>,
): Promise<Metadata> {
  // What is drawn ahead of the request goes no further, which is no failure.
  await connection();
  try {
    const name = (await getAuthor()) && (await findName());
    return { title: name || otherwise };
  } catch (error) {
    log.warn({ event: "desk.title-not-read", error }, "the page is called by what it shows");
    return { title: otherwise };
  }
}
