import { randomUUID } from "node:crypto";
import type { Metadata } from "next";
import { Notice } from "@/app/_components/notice";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { DoneNotice } from "@/app/admin/_desk/done-notice";
import { oneOf } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { askStripe } from "@/lib/memberships/ask-stripe";
import { type DiscountCode, listCodes } from "@/lib/memberships/codes";
import { getPublication } from "@/lib/publication/queries";
import { getStripe } from "@/lib/stripe";
import { CodeForm } from "./code-form";
import { CodeTable } from "./code-table";

export const instant = false;
export const metadata: Metadata = { title: "Discount codes" };

type Search = Promise<Record<string, string | string[] | undefined>>;

const DONE: Readonly<Record<string, (code: string) => string>> = {
  made: (code) => `${code} is made. Readers type it on Stripe’s page.`,
  off: (code) => `${code} is switched off. Who has its discount keeps it.`,
  on: (code) => `${code} holds again.`,
};

export default async function CodesPage({ searchParams }: { searchParams: Search }) {
  await requireAuthor("/admin/members/codes");
  const query = await searchParams;
  const [publication, codes] = await Promise.all([getPublication(getDatabase()), readCodes()]);
  const done = DONE[oneOf(query.done)];
  return (
    <DeskPage place="members" title="Discount codes" actions={<a href="/admin/members">Members</a>}>
      <div className="grid gap-6">
        {done && <DoneNotice>{done(oneOf(query.code).slice(0, 60))}</DoneNotice>}
        {"problem" in codes ? (
          <Notice tone="problem" title="The codes cannot be shown">
            {codes.problem}
          </Notice>
        ) : (
          <CodeTable codes={codes.list} publication={publication} />
        )}
        <section className="desk-panel" aria-labelledby="new-code-title">
          <h2 id="new-code-title">A new code</h2>
          <CodeForm nonce={randomUUID()} currency={publication.currency.toUpperCase()} />
        </section>
      </div>
    </DeskPage>
  );
}

/** Where Stripe does not answer, the page still does. */
async function readCodes(): Promise<{ list: DiscountCode[] } | { problem: string }> {
  try {
    return { list: await askStripe(() => listCodes(getStripe(), { now: new Date() })) };
  } catch (error) {
    if (error instanceof DomainError) return { problem: error.message };
    throw error;
  }
}
