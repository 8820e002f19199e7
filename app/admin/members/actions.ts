"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { askForReconciliation } from "@/lib/memberships/reconciliations";

/** Asks the worker; where a run waits or works already, that one answers. */
export async function reconcileAction(_state: FormState, form: FormData): Promise<FormState> {
  await authorActs();
  try {
    readForm(z.strictObject({}), form);
    await askForReconciliation(getDatabase(), { now: new Date() });
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect("/admin/members");
}
