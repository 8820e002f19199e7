"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs, isAuthorAsking, SIGNED_OUT } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { askStripe } from "@/lib/memberships/ask-stripe";
import { codeForm, readNewCode } from "@/lib/memberships/code-input";
import { makeCode, switchCode } from "@/lib/memberships/codes";
import { getPublication } from "@/lib/publication/queries";
import { getStripe } from "@/lib/stripe";

const switching = z.strictObject({
  id: z.string().regex(/^promo_[A-Za-z0-9_]{1,200}$/),
  active: z.enum(["yes", "no"]).transform((word) => word === "yes"),
});

const here = (done: string, code: string) => `/admin/members/codes?${new URLSearchParams({ done, code })}`;

export async function makeCodeAction(_state: FormState, form: FormData): Promise<FormState> {
  if (!(await isAuthorAsking())) return refusedForm(new DomainError("FORBIDDEN", SIGNED_OUT), form);
  let code: string;
  try {
    const fields = readForm(codeForm, form);
    const { currency, timeZone } = await getPublication(getDatabase());
    const wanted = readNewCode(fields, { currency, timeZone, now: new Date() });
    code = await askStripe(() => makeCode(getStripe(), wanted, fields.nonce));
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(here("made", code));
}

export async function switchCodeAction(_state: FormState, form: FormData): Promise<FormState> {
  await authorActs();
  let way: string;
  try {
    const { id, active } = readForm(switching, form);
    const code = await askStripe(() => switchCode(getStripe(), id, active));
    way = here(active ? "on" : "off", code);
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(way);
}
