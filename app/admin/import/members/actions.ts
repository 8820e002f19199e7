"use server";

import { updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { askStripe } from "@/lib/memberships/ask-stripe";
import { chooseCustomer, leaveFree, openUntilPaid } from "@/lib/memberships/move-in-decide";
import { undoMoveIn } from "@/lib/memberships/move-in-undo";
import { getStripe } from "@/lib/stripe";

const person = z.strictObject({
  subscriberId: z.uuid(),
  /** The list as it was looked at, to come back to. */
  back: z
    .string()
    .max(300)
    .regex(/^[\w=&%+.*@-]*$/),
});
const choice = person.extend({ customerId: z.string().regex(/^cus_\w{1,100}$/) });

/** Asks for the author, acts, and answers on the list that it was asked from. */
async function decide<Fields extends z.ZodType<{ subscriberId: string; back: string }>>(
  schema: Fields,
  form: FormData,
  done: string,
  act: (fields: z.output<Fields>) => Promise<void>,
): Promise<FormState> {
  await authorActs();
  const query = new URLSearchParams();
  try {
    const fields = readForm(schema, form);
    await askStripe(() => act(fields));
    updateTag("publication");
    for (const [name, value] of new URLSearchParams(fields.back)) query.set(name, value);
    query.set("done", done);
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/admin/import/members?${query}`);
}

const services = () => ({ now: new Date(), publicUrl: getEnv().PUBLIC_URL });

export async function chooseAction(_state: FormState, form: FormData): Promise<FormState> {
  return decide(choice, form, "moved", ({ subscriberId, customerId }) =>
    chooseCustomer(getDatabase(), getStripe(), { subscriberId, customerId }, services()),
  );
}

export async function openAction(_state: FormState, form: FormData): Promise<FormState> {
  return decide(person, form, "guest", ({ subscriberId }) =>
    openUntilPaid(getDatabase(), subscriberId, services()),
  );
}

export async function leaveAction(_state: FormState, form: FormData): Promise<FormState> {
  return decide(person, form, "left", ({ subscriberId }) =>
    leaveFree(getDatabase(), subscriberId, services()),
  );
}

export async function undoAction(_state: FormState, form: FormData): Promise<FormState> {
  return decide(person, form, "undone", ({ subscriberId }) =>
    undoMoveIn(getDatabase(), getStripe(), subscriberId, services()),
  );
}
