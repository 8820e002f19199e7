import { Button } from "@/app/_components/button";
import type { SubscriberHistory } from "@/lib/subscribers/queries";
import { startMailAction, stopMailAction } from "./actions";

const WORDS: Readonly<Record<SubscriberHistory["status"], string>> = {
  CONFIRMED: "Every new issue comes to your inbox.",
  PENDING: "You have not confirmed yet, so no issue is mailed to you.",
  UNSUBSCRIBED: "You get no issues by mail. What you may read on the site has not changed.",
  SUPPRESSED:
    "Mail to your address came back or was reported as spam, so we send none. Answer any issue you still have, and the author can open it again.",
};

/** What is mailed, and the one switch there is. */
export function MailPanel({ status }: { status: SubscriberHistory["status"] }) {
  return (
    <section aria-labelledby="mail-title" className="grid gap-3 border-t border-line pt-6">
      <h2 id="mail-title" className="text-lg font-semibold">
        Mail
      </h2>
      <p>{WORDS[status]}</p>
      {status === "CONFIRMED" && (
        <form action={stopMailAction}>
          <Button tone="quiet">Stop the mail</Button>
        </form>
      )}
      {(status === "PENDING" || status === "UNSUBSCRIBED") && (
        <form action={startMailAction}>
          <Button>Send me each issue</Button>
        </form>
      )}
    </section>
  );
}
