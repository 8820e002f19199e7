import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { getEnv } from "@/lib/env";
import { type FormState, refusedForm } from "@/lib/form";

const texts = z.record(z.string(), z.string());
const keptForm = z.object({
  name: z.string(),
  state: z.object({ problem: z.string().nullable(), fields: texts, typed: texts }),
});

const COOKIE = "masthead-form";
const MAX_TYPED = 254;

export type FormAnswer = {
  /** Which form of the page; `readRefused` asks for it by this name. */
  name: string;
  /** The page that the form stands on, a path of ours. */
  back: string;
};

/**
 * Answers a form, with JavaScript and without: goes where `work` says, or shows the form again with what was typed and
 * what is wrong. With JavaScript the state goes back to the page in the answer. Without, Next loses it on the way (a
 * stored shell is resumed, and React resumes without a form's state), so a cookie carries it for a minute; typed words
 * do not belong into an address. Refuses forms of other sites; what is no DomainError goes on to the error page.
 */
export async function answerForm(
  form: FormData,
  answer: FormAnswer,
  work: (requestHeaders: Headers) => Promise<string>,
): Promise<FormState> {
  const requestHeaders = new Headers(await headers());
  let target: string;
  try {
    requireSameOrigin(requestHeaders, getEnv().PUBLIC_URL);
    target = await work(requestHeaders);
  } catch (error) {
    const state = refusedForm(error, form);
    if (requestHeaders.has("next-action")) return state;
    await keepRefused(answer.name, state);
    redirect(answer.back);
  }
  (await cookies()).delete(COOKIE);
  redirect(target);
}

async function keepRefused(name: string, state: FormState): Promise<void> {
  const typed = Object.fromEntries(
    Object.entries(state.typed).map(([field, value]) => [field, value.slice(0, MAX_TYPED)]),
  );
  (await cookies()).set(COOKIE, JSON.stringify({ name, state: { ...state, typed } }), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    maxAge: 60,
  });
}

const EMPTY: FormState = { problem: null, fields: {}, typed: {} };

/** What a form begins with: as it was refused a moment ago in this browser, or empty. */
export async function readRefused(name: string): Promise<FormState> {
  const kept = (await cookies()).get(COOKIE)?.value;
  if (kept === undefined) return EMPTY;
  try {
    const parsed = keptForm.safeParse(JSON.parse(kept));
    return parsed.success && parsed.data.name === name ? parsed.data.state : EMPTY;
  } catch {
    return EMPTY;
  }
}
