"use server";

import { updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs } from "@/app/admin/_desk/author-action";
import { databaseNow, getDatabase } from "@/lib/db";
import { pauseSending, resolveUncertain, resumeSending } from "@/lib/deliveries/pause";
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
  let issueId: string;
  try {
    const fields = readForm(scheduleFields, form);
    issueId = fields.issueId;
    const db = getDatabase();
    const { timeZone } = await getPublication(db);
    const when: When = fields.when === "at" ? localMoment(fields.at, timeZone) : fields.when;
    await scheduleIssue(db, { issueId, when }, { now: await databaseNow(db) });
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/admin/issues/${issueId}?done=scheduled`);
}

/** Actions that need no more than the issue: each answers with a sentence on the issue's page. */
async function actOn(
  form: FormData,
  done: string,
  act: (issueId: string) => Promise<void>,
): Promise<FormState> {
  await authorActs();
  let issueId: string;
  try {
    issueId = readForm(issueFields, form).issueId;
    await act(issueId);
    announce();
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(done === "deleted" ? "/admin/issues?done=deleted" : `/admin/issues/${issueId}?done=${done}`);
}

export async function takeBackAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "taken-back", (issueId) => unscheduleIssue(getDatabase(), issueId));
}

export async function withdrawAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "withdrawn", (issueId) => withdrawIssue(getDatabase(), issueId, { now: new Date() }));
}

export async function restoreAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "restored", (issueId) => restoreWithdrawn(getDatabase(), issueId));
}

export async function publishPageAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "published", (issueId) => publishPage(getDatabase(), issueId, { now: new Date() }));
}

export async function deleteDraftAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "deleted", (issueId) => deleteDraft(getDatabase(), issueId));
}

export async function pauseAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "paused", async (issueId) => {
    await pauseSending(getDatabase(), issueId, { reason: "Paused by the author.", now: new Date() });
  });
}

export async function resumeAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "resumed", async (issueId) => {
    await resumeSending(getDatabase(), issueId);
  });
}

export async function resendUncertainAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "resolved", async (issueId) => {
    await resolveUncertain(getDatabase(), issueId, "resend");
  });
}

export async function leaveUncertainAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "resolved", async (issueId) => {
    await resolveUncertain(getDatabase(), issueId, "leave");
  });
}

export async function sendToMissedAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "missed", async (issueId) => {
    await sendToMissed(getDatabase(), issueId, { now: new Date() });
  });
}

export async function mailTestAction(_state: FormState, form: FormData): Promise<FormState> {
  const author = await authorActs();
  let issueId: string;
  try {
    const fields = readForm(testMailFields, form);
    issueId = fields.issueId;
    await mailTestIssue(getDatabase(), { ...fields, to: author }, { now: new Date() });
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/admin/issues/${issueId}?done=test-mailed`);
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
