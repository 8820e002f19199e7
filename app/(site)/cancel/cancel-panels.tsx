import type { ReactNode } from "react";
import { Button, ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import type { CancelLink } from "@/lib/memberships/cancel-by-link";
import { formatDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

type Panel = {
  link: CancelLink;
  publication: PublicationSettings;
  token: string;
  /** Stripe did not answer the last time. */
  failed: boolean;
};

export function AskToCancel({ link, publication, token, failed }: Panel) {
  if (link.state === "cancelled" || link.state === "over") return <Cancelled {...{ link, publication }} />;
  const what = link.isTrial ? "trial" : "membership";
  return (
    <NarrowPage
      title={`Cancel your ${what}?`}
      lead={
        <>
          The {what} of {publication.name} that belongs to <strong>{link.email}</strong>.
        </>
      }
    >
      <ul className="grid list-disc gap-1 pl-5">
        <li>{accessWords(link, publication)}</li>
        <li>
          {link.state === "overdue" ? "The failed payment is not tried again, and n" : "N"}othing more is
          charged.
        </li>
        <li>The free part of each issue still comes to you by mail.</li>
      </ul>
      <StripeAway failed={failed} />
      <TokenForm action="/cancel/end" token={token}>
        <Button>Cancel my {what}</Button>
        <ButtonLink href="/" tone="quiet">
          Keep it
        </ButtonLink>
      </TokenForm>
    </NarrowPage>
  );
}

export function AfterCancelling({ link, publication, token, failed }: Panel) {
  if (link.state !== "cancelled" && link.state !== "over") return <Kept {...{ link, publication }} />;
  return (
    <Cancelled {...{ link, publication }}>
      {link.state === "cancelled" && (
        <>
          <StripeAway failed={failed} />
          <TokenForm action="/cancel/keep" token={token}>
            <Button tone="quiet">Keep the {link.isTrial ? "trial" : "membership"}</Button>
          </TokenForm>
        </>
      )}
    </Cancelled>
  );
}

function Cancelled({
  link,
  publication,
  children,
}: Pick<Panel, "link" | "publication"> & { children?: ReactNode }) {
  if (link.state === "over") {
    return (
      <NarrowPage title="Your membership has ended" lead="Nothing more is charged.">
        <div>
          <ButtonLink href="/join" tone="quiet">
            Become a member again
          </ButtonLink>
        </div>
      </NarrowPage>
    );
  }
  return (
    <NarrowPage
      title={`Your ${link.isTrial ? "trial" : "membership"} is cancelled`}
      lead={`${accessWords(link, publication)} Nothing more is charged.`}
    >
      {children ?? (
        <p>
          Changed your mind? Take it back in <a href="/account">your account</a>.
        </p>
      )}
    </NarrowPage>
  );
}

function Kept({ link, publication }: Pick<Panel, "link" | "publication">) {
  const next =
    link.endsAt &&
    ` The ${link.isCharged ? "next" : "first"} charge comes on ${date(link.endsAt, publication)}.`;
  return (
    <NarrowPage
      title={`Your ${link.isTrial ? "trial" : "membership"} goes on`}
      lead={`Nothing changed, and everything stays open.${next ?? ""}`}
    >
      <div>
        <ButtonLink href="/archive" tone="quiet">
          Read the archive
        </ButtonLink>
      </div>
    </NarrowPage>
  );
}

export function NotFromAMail() {
  return (
    <NarrowPage
      title="This link does not work"
      lead="Please use the link in the newest mail about your membership, or cancel in your account."
    >
      <div>
        <ButtonLink href="/account" tone="quiet">
          Go to my account
        </ButtonLink>
      </div>
    </NarrowPage>
  );
}

function StripeAway({ failed }: { failed: boolean }) {
  if (!failed) return null;
  return (
    <p role="alert">
      Our payment partner did not answer, and nothing was changed. Please press the button again in a minute.
    </p>
  );
}

function TokenForm({ action, token, children }: { action: string; token: string; children: ReactNode }) {
  return (
    <form method="post" action={action} className="flex flex-wrap gap-3">
      <input type="hidden" name="token" value={token} />
      {children}
    </form>
  );
}

function accessWords({ state, endsAt }: CancelLink, publication: PublicationSettings): string {
  if (state === "overdue" || state === "paused" || endsAt === null) return "It ends at once.";
  return `Everything stays open until ${date(endsAt, publication)}.`;
}

function date(moment: Date, { language, timeZone }: PublicationSettings): string {
  return formatDate(moment, { language, timeZone });
}
