"use server";

import { updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs } from "@/app/admin/_desk/author-action";
import { databaseNow, getDatabase } from "@/lib/db";
import { pauseSending, resolveUncertain, resumeSending } from "@/lib/deliveries/pause";
import { getSendingProgress } from "@/lib/deliveries/queries";
import { sendToMissed } from "@/lib/deliveries/send-to-missed";
import { DomainError } from "@/lib/errors";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { deleteDraft, startIssue } from "@/lib/issues/edit";
import { localMoment } from "@/lib/issues/local-moment";
import { publishPage } from "@/lib/issues/publish";
import { restoreRevision } from "@/lib/issues/revisions";
import { scheduleIssue, unscheduleIssue, type When } from "@/lib/issues/schedule";
import { mailTestIssue } from "@/lib/issues/test-mail";
import { restoreWithdrawn, withdrawIssue } from "@/lib/issues/withdraw";
import { getPublication } from "@/lib/publication/queries";

const issueFields = z.strictObject({ issueId: z.uuid() });
const scheduleFields = z.strictObject({
  issueId: z.uuid(),
  when: z.enum(["now", "next-slot", "at"]),
  at: z.string().max(40).default(""),
});
const testMailFields = z.strictObject({ issueId: z.uuid(), variant: z.enum(["WHOLE", "TEASER"]) });
const revisionFields = z.strictObject({ issueId: z.uuid(), revisionId: z.uuid() });

function announce(): void {
  updateTag("issues");
}

export async function startIssueAction(): Promise<never> {
  await authorActs();
  const { id } = await startIssue(getDatabase());
  redirect(`/admin/issues/${id}/edit`);
}

export async function scheduleAction(_state: FormState, form: FormData): Promise<FormState> {
  await authorActs();
  return answer(form, async () => {
    const { issueId, ...fields } = readForm(scheduleFields, form);
    const db = getDatabase();
    const { timeZone } = await getPublication(db);
    const when: When = fields.when === "at" ? localMoment(fields.at, timeZone) : fields.when;
    await scheduleIssue(db, { issueId, when }, { now: await databaseNow(db) });
    return "scheduled";
  });
}

/**
 * Answers with a sentence on the issue's page, the one that `act` names. What is wrong with the form is said in it; a page
 * that was out of date is led to what is true now. Every page that this tab keeps is asked for anew.
 */
async function answer(form: FormData, act: () => Promise<string>): Promise<FormState> {
  let done: string;
  try {
    done = await act();
  } catch (error) {
    const isOutOfDate =
      error instanceof DomainError && (error.code === "CONFLICT" || error.code === "NOT_FOUND");
    if (!isOutOfDate) return refusedForm(error, form);
    done = "meanwhile";
  }
  announce();
  redirect(
    done === "deleted" ? "/admin/issues?done=deleted" : `/admin/issues/${form.get("issueId")}?done=${done}`,
  );
}

/** Actions that need no more than the issue. */
async function actOn(form: FormData, act: (issueId: string) => Promise<string>): Promise<FormState> {
  await authorActs();
  return answer(form, () => act(readForm(issueFields, form).issueId));
}

export async function takeBackAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    await unscheduleIssue(getDatabase(), issueId);
    return "taken-back";
  });
}

export async function withdrawAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    await withdrawIssue(getDatabase(), issueId, { now: new Date() });
    return "withdrawn";
  });
}

export async function restoreAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    await restoreWithdrawn(getDatabase(), issueId);
    return "restored";
  });
}

export async function publishPageAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    await publishPage(getDatabase(), issueId, { now: new Date() });
    return "published";
  });
}

export async function deleteDraftAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    await deleteDraft(getDatabase(), issueId);
    return "deleted";
  });
}

export async function pauseAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    const db = getDatabase();
    const { stage } = await getSendingProgress(db, issueId, { now: await databaseNow(db) });
    if (stage === "finished") return "nothing-to-pause";
    await pauseSending(db, issueId, { reason: "Paused by the author.", now: new Date() });
    return "paused";
  });
}

/** Where nothing went on, since it is withdrawn or had gone on already, the page says what is true of it. */
export async function resumeAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    await resumeSending(getDatabase(), issueId);
    return "resumed";
  });
}

export async function resendUncertainAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    const count = await resolveUncertain(getDatabase(), issueId, "resend");
    return count > 0 ? "resolved" : "nothing-to-resolve";
  });
}

export async function leaveUncertainAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    const count = await resolveUncertain(getDatabase(), issueId, "leave");
    return count > 0 ? "resolved" : "nothing-to-resolve";
  });
}

export async function sendToMissedAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, async (issueId) => {
    const { newcomers, retryable } = await sendToMissed(getDatabase(), issueId, { now: new Date() });
    return newcomers + retryable > 0 ? "missed" : "nobody-missed";
  });
}

export async function mailTestAction(_state: FormState, form: FormData): Promise<FormState> {
  const author = await authorActs();
  return answer(form, async () => {
    const fields = readForm(testMailFields, form);
    await mailTestIssue(getDatabase(), { ...fields, to: author }, { now: new Date() });
    return "test-mailed";
  });
}

export async function restoreRevisionAction(form: FormData): Promise<never> {
  await authorActs();
  const fields = readForm(revisionFields, form);
  try {
    await restoreRevision(getDatabase(), fields, { now: new Date() });
  } catch (error) {
    if (error instanceof DomainError) redirect(`/admin/issues/${fields.issueId}?done=not-restored`);
    throw error;
  }
  announce();
  redirect(`/admin/issues/${fields.issueId}/edit`);
}
