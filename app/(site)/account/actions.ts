"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { answerForm } from "@/app/(site)/_forms/answer-form";
import { isAuthorAddress } from "@/lib/auth/authors";
import { getAuth } from "@/lib/auth/better-auth";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { endAllSessions, endSession } from "@/lib/auth/sessions";
import { type Reader, requireReader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { type FormState, readForm } from "@/lib/form";
import { cancelAtOnce } from "@/lib/memberships/cancel-at-once";
import { pauseMembership, resumeMembership } from "@/lib/memberships/pause-membership";
import type { PauseMonths } from "@/lib/memberships/pause-words";
import { getStripe } from "@/lib/stripe";
import { confirmSubscriber } from "@/lib/subscribers/confirm";
import { eraseSubscriber } from "@/lib/subscribers/erase";
import { renewFeedToken } from "@/lib/subscribers/feed-token";
import { rename } from "@/lib/subscribers/rename";
import { eraseFields, nameFields } from "@/lib/subscribers/schema";
import { unsubscribe } from "@/lib/subscribers/unsubscribe";

const pauseFields = z.strictObject({
  months: z.enum(["1", "2", "3"], "Choose for how long.").transform((value) => Number(value) as PauseMonths),
});

const services = () => ({ now: new Date(), publicUrl: getEnv().PUBLIC_URL });

/** Each action asks for itself who acts and whence. */
async function whoActs(): Promise<Reader> {
  requireSameOrigin(await headers(), getEnv().PUBLIC_URL);
  return requireReader();
}

export async function stopMailAction(): Promise<never> {
  const reader = await whoActs();
  await unsubscribe(getDatabase(), reader.subscriberId, { now: new Date() });
  redirect("/account?done=mail-stopped");
}

/** The session has proven the mailbox, so no further confirmation is asked for. */
export async function startMailAction(): Promise<never> {
  const reader = await whoActs();
  await confirmSubscriber(getDatabase(), reader.subscriberId, { now: new Date() });
  redirect("/account?done=mail-started");
}

export async function renameAction(_state: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, { name: "name", back: "/account" }, async () => {
    const reader = await requireReader();
    await rename(getDatabase(), reader.subscriberId, readForm(nameFields, form).name);
    return "/account?done=renamed";
  });
}

export async function pauseAction(_state: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, { name: "pause", back: "/account" }, async () => {
    const { subscriberId } = await requireReader();
    const { months } = readForm(pauseFields, form);
    await pauseMembership(getDatabase(), getStripe(), { subscriberId, months }, services());
    return "/account?done=paused";
  });
}

export async function resumeAction(_state: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, { name: "resume", back: "/account" }, async () => {
    const { subscriberId } = await requireReader();
    readForm(z.strictObject({}), form);
    await resumeMembership(getDatabase(), getStripe(), subscriberId, services());
    return "/account?done=resumed";
  });
}

export async function renewFeedAction(): Promise<never> {
  const reader = await whoActs();
  await renewFeedToken(getDatabase(), reader.subscriberId);
  redirect("/account?done=feed-renewed");
}

export async function signOutAction(): Promise<never> {
  const requestHeaders = await headers();
  requireSameOrigin(requestHeaders, getEnv().PUBLIC_URL);
  await endSession(getAuth(), new Headers(requestHeaders));
  redirect("/");
}

export async function signOutEverywhereAction(): Promise<never> {
  const reader = await whoActs();
  await endAllSessions(getDatabase(), reader.subscriberId);
  await endSession(getAuth(), new Headers(await headers()));
  redirect("/sign-in");
}

export async function eraseAction(_state: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, { name: "erase", back: "/account" }, async (requestHeaders) => {
    const reader = await requireReader();
    const db = getDatabase();
    readForm(eraseFields, form);
    await eraseSubscriber(db, reader.subscriberId, {
      now: new Date(),
      isAuthor: (email) => isAuthorAddress(db, email),
      cancelMembership: async (subscriberId) => {
        await cancelAtOnce(db, getStripe(), subscriberId);
      },
    });
    await endSession(getAuth(), requestHeaders);
    return "/subscribe?erased=1";
  });
}
