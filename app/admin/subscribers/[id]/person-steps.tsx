import type { SubscriberHistory } from "@/lib/subscribers/queries";
import { ERASE_WORDS } from "@/lib/subscribers/schema";
import { eraseAction, openAction, suppressAction, unsubscribeAction } from "./actions";
import { PersonActionForm } from "./person-action-form";

/** What the author can do for, or about, this person. */
export function PersonSteps({ subscriber: { id, status } }: { subscriber: SubscriberHistory }) {
  const gets = status === "CONFIRMED" || status === "PENDING";
  return (
    <section className="desk-panel" aria-labelledby="person-steps-title">
      <h2 id="person-steps-title">What you can do</h2>
      <div className="grid gap-2">
        {gets && <PersonActionForm action={unsubscribeAction} subscriberId={id} label="Unsubscribe" />}
        {status === "SUPPRESSED" ? (
          <PersonActionForm
            action={openAction}
            subscriberId={id}
            label="Open the address again"
            confirm={{
              question:
                "The person gets no mail by that; they may sign up anew. Mailing an address that bounced or complained harms your name with mail providers.",
              yes: "Open it",
            }}
          />
        ) : (
          <PersonActionForm
            action={suppressAction}
            subscriberId={id}
            label="Close the address"
            tone="danger"
            confirm={{
              question:
                "Nothing is ever mailed to it again, even when somebody signs it up or imports it. You can open it again.",
              yes: "Close it",
            }}
          />
        )}
        <PersonActionForm
          action={eraseAction}
          subscriberId={id}
          label="Erase the person"
          tone="danger"
          confirm={{
            question:
              "Everything about them is gone for good. A Stripe subscription is cancelled at once, without a refund. That they do not want mail, or had their trial, is remembered.",
            yes: "Erase for good",
            words: ERASE_WORDS,
          }}
        />
      </div>
    </section>
  );
}
