import type { ReactNode } from "react";
import { ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import type { GiftLink, GiftState } from "@/lib/memberships/gifts/redeem-gift";
import { formatDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

const lengthOf = (months: number) => (months === 12 ? "a year" : `${months} months`);

export function Ready({
  gift,
  publication,
  children,
}: {
  gift: GiftLink;
  publication: PublicationSettings;
  children: ReactNode;
}) {
  const { months, from, receiverName, message } = gift;
  return (
    <NarrowPage
      title={receiverName ? `${receiverName}, a gift for you` : "A gift for you"}
      lead={`${from ?? "Somebody"} gives you ${lengthOf(months)} of membership of ${publication.name}: every issue to the end, and the whole archive.`}
    >
      {message && (
        <blockquote className="border-l-3 border-line pl-4 whitespace-pre-line">{message}</blockquote>
      )}
      {children}
      <p className="text-sm text-ink-soft">
        There is nothing to pay, now or later: it begins when you press the button, and ends by itself.
      </p>
    </NarrowPage>
  );
}

const WORDS: Readonly<Record<Exclude<GiftState, "ready" | "yours">, [title: string, lead: string]>> = {
  unpaid: [
    "This gift is not paid yet",
    "The moment Stripe confirms the payment, this link works. Look again in a minute.",
  ],
  held: [
    "This gift has to wait",
    "The bank of the buyer is looking into the payment. If it stands, this link works again.",
  ],
  returned: [
    "This gift was given back",
    "Its payment was returned, so it can no longer be redeemed. Whoever gave it to you knows more.",
  ],
  taken: [
    "This gift was redeemed already",
    "A gift is for one person, once. If that was you, sign in with the address that you used then.",
  ],
};

export function NotReady({
  gift,
  state,
  publication,
}: {
  gift: GiftLink;
  state: Exclude<GiftState, "ready">;
  publication: PublicationSettings;
}) {
  if (state === "yours") {
    const until = gift.endsAt ? ` until ${formatDate(gift.endsAt, publication)}` : "";
    return (
      <NarrowPage title="The gift is yours" lead={`Everything is open to you${until}. Nothing is charged.`}>
        <div className="flex flex-wrap gap-3">
          <ButtonLink href="/archive">Read the archive</ButtonLink>
          <ButtonLink href="/account" tone="quiet">
            My account
          </ButtonLink>
        </div>
      </NarrowPage>
    );
  }
  const [title, lead] = WORDS[state];
  return (
    <NarrowPage title={title} lead={lead}>
      <div>
        <ButtonLink href={state === "taken" ? "/account" : "/"} tone="quiet">
          {state === "taken" ? "Go to my account" : "To the front page"}
        </ButtonLink>
      </div>
    </NarrowPage>
  );
}
