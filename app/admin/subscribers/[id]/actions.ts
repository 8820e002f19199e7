"use server";

import { updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs } from "@/app/admin/_desk/author-action";
import { isAuthorAddress } from "@/lib/auth/authors";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { cancelAtOnce } from "@/lib/memberships/cancel-at-once";
import { endComp, endOfDay, grantComp } from "@/lib/memberships/comp";
import { getPublication } from "@/lib/publication/queries";
import { getStripe } from "@/lib/stripe";
import { eraseSubscriber } from "@/lib/subscribers/erase";
import { getSubscriber } from "@/lib/subscribers/queries";
import { eraseFields, tokenFields } from "@/lib/subscribers/schema";
import { liftSuppression, suppress } from "@/lib/subscribers/suppress";
import { makeUndoToken, resubscribe, unsubscribe } from "@/lib/subscribers/unsubscribe";

const person = z.strictObject({ subscriberId: z.uuid() });
const comp = person.extend({
  endsOn: z.string().max(10).default(""),
  reason: z.string().trim().max(200, "Say it in 200 characters.").default(""),
});
const erasing = person.extend(eraseFields.shape);
const undoing = person.extend(tokenFields.shape);

/** Asks for the author, acts, and answers on the person's page; `act` returns what to add to its address. */
async function actOn<Fields extends z.ZodType<{ subscriberId: string }>>(
  schema: Fields,
  form: FormData,
  act: (fields: z.output<Fields>) => Promise<string>,
): Promise<FormState> {
  await authorActs();
  let way: string;
  try {
    const fields = readForm(schema, form);
    way = await act(fields);
    updateTag("publication");
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(way);
}

const page = (subscriberId: string, query: Record<string, string>) =>
  `/admin/subscribers/${subscriberId}?${new URLSearchParams(query)}`;

export async function unsubscribeAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(person, form, async ({ subscriberId }) => {
    const now = new Date();
    if (!(await unsubscribe(getDatabase(), subscriberId, { now }))) throw gone();
    return page(subscriberId, { done: "unsubscribed", undo: makeUndoToken(subscriberId, now) });
  });
}

export async function undoAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(undoing, form, async ({ subscriberId, token }) => {
    if (!(await resubscribe(getDatabase(), token, { now: new Date() })))
      throw new DomainError(
        "CONFLICT",
        "This can no longer be undone: a day has passed, or the address was closed.",
      );
    return page(subscriberId, { done: "back" });
  });
}

export async function suppressAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(person, form, async ({ subscriberId }) => {
    const db = getDatabase();
    const subscriber = await getSubscriber(db, subscriberId);
    if (!subscriber) throw gone();
    await suppress(db, { email: subscriber.email, reason: "author" }, { now: new Date() });
    return page(subscriberId, { done: "suppressed" });
  });
}

export async function openAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(person, form, async ({ subscriberId }) => {
    await liftSuppression(getDatabase(), subscriberId, { now: new Date() });
    return page(subscriberId, { done: "opened" });
  });
}

export async function eraseAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(erasing, form, async ({ subscriberId }) => {
    const db = getDatabase();
    await eraseSubscriber(db, subscriberId, {
      now: new Date(),
      isAuthor: (email) => isAuthorAddress(db, email),
      cancelMembership: async (id) => {
        await cancelAtOnce(db, getStripe(), id);
      },
    });
    return "/admin/subscribers?done=erased";
  });
}

export async function compAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(comp, form, async ({ subscriberId, endsOn, reason }) => {
    const db = getDatabase();
    const { timeZone } = await getPublication(db);
    const endsAt = endOfDay(endsOn, timeZone);
    await grantComp(db, { subscriberId, endsAt, reason }, { now: new Date() });
    return page(subscriberId, { done: "comp" });
  });
}

export async function endCompAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(person, form, async ({ subscriberId }) => {
    await endComp(getDatabase(), subscriberId, { now: new Date() });
    return page(subscriberId, { done: "comp-ended" });
  });
}

function gone(): DomainError {
  return new DomainError("NOT_FOUND", "This subscriber is gone.");
}
