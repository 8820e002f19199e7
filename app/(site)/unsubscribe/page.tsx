import type { Metadata } from "next";
import { connection } from "next/server";
import { Button, ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import { getDatabase } from "@/lib/db";
import { inspectUndoLink, inspectUnsubscribeLink, type UndoLink } from "@/lib/subscribers/unsubscribe";
import { loadPublication } from "../public-data";
import { SitePage } from "../site-page";

export const instant = false;
export const metadata: Metadata = {
  title: "Unsubscribe",
  robots: { index: false },
  referrer: "same-origin",
};

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function UnsubscribePage({ searchParams }: { searchParams: Search }) {
  await connection();
  const { token, undo } = await searchParams;
  return (
    <SitePage>
      {typeof undo === "string" ? (
        <Farewell token={undo} />
      ) : (
        <Ask token={typeof token === "string" ? token : ""} />
      )}
    </SitePage>
  );
}

async function Ask({ token }: { token: string }) {
  const [link, publication] = await Promise.all([
    inspectUnsubscribeLink(getDatabase(), token, { now: new Date() }),
    loadPublication(),
  ]);
  if (!link) return <NotFromAMail />;
  if (!link.gets) {
    return (
      <NarrowPage title="You are unsubscribed" lead={`${link.email} gets no mail from ${publication.name}.`}>
        <p>
          Want it again? <a href="/subscribe">Subscribe</a>
        </p>
      </NarrowPage>
    );
  }
  return (
    <NarrowPage
      title="Leave the list?"
      lead={
        <>
          <strong>{link.email}</strong> will get no more issues of {publication.name}.
        </>
      }
    >
      <form method="post" action="/unsubscribe/leave">
        <input type="hidden" name="token" value={token} />
        <Button>Unsubscribe</Button>
      </form>
      <p className="text-sm text-ink-soft">
        A membership is not touched by this: what you paid for stays readable. To end it, see{" "}
        <a href="/account">your account</a>.
      </p>
    </NarrowPage>
  );
}

async function Farewell({ token }: { token: string }) {
  const [undo, publication] = await Promise.all([
    inspectUndoLink(getDatabase(), token, { now: new Date() }),
    loadPublication(),
  ]);
  if (!undo) return <NotFromAMail />;
  if (undo.isBack) return <Back undo={undo} />;
  return (
    <NarrowPage
      title="You are unsubscribed"
      lead={
        <>
          <strong>{undo.email}</strong> gets no more issues of {publication.name}, starting now.
        </>
      }
    >
      <form method="post" action="/unsubscribe/undo" className="grid gap-2">
        <p>That was a mistake?</p>
        <input type="hidden" name="token" value={token} />
        <div>
          <Button tone="quiet">Undo, keep me on the list</Button>
        </div>
      </form>
    </NarrowPage>
  );
}

function Back({ undo }: { undo: NonNullable<UndoLink> }) {
  return (
    <NarrowPage
      title="You are still on the list"
      lead={
        <>
          Nothing changed for <strong>{undo.email}</strong>: the next issue comes as ever.
        </>
      }
    >
      <div>
        <ButtonLink href="/archive" tone="quiet">
          Read the archive
        </ButtonLink>
      </div>
    </NarrowPage>
  );
}

function NotFromAMail() {
  return (
    <NarrowPage
      title="This link does not work"
      lead="Please use the link at the foot of any issue, or change what you get in your account."
    >
      <div>
        <ButtonLink href="/account" tone="quiet">
          Go to my account
        </ButtonLink>
      </div>
    </NarrowPage>
  );
}
