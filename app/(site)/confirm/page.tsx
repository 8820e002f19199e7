import type { Metadata } from "next";
import { connection } from "next/server";
import { Button, ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import { getDatabase } from "@/lib/db";
import { inspectConfirmLink } from "@/lib/subscribers/confirm";
import { loadPublication } from "../public-data";
import { SitePage } from "../site-page";
import { confirmAction } from "./actions";

export const instant = false;
export const metadata: Metadata = {
  title: "Confirm your subscription",
  robots: { index: false },
  referrer: "same-origin",
};

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function ConfirmPage({ searchParams }: { searchParams: Search }) {
  await connection();
  const { token, done } = await searchParams;
  if (done === "confirmed")
    return (
      <SitePage>
        <Welcome />
      </SitePage>
    );
  const link =
    typeof token === "string"
      ? await inspectConfirmLink(getDatabase(), token, { now: new Date() })
      : ({ state: "unusable" } as const);
  if (link.state === "already-confirmed")
    return (
      <SitePage>
        <Welcome />
      </SitePage>
    );
  if (link.state === "unusable" || typeof token !== "string")
    return (
      <SitePage>
        <AskAgain />
      </SitePage>
    );
  const publication = await loadPublication();
  return (
    <SitePage>
      <NarrowPage
        title="One press to confirm"
        lead={
          <>
            {publication.name} will go to <strong>{link.email}</strong>.
          </>
        }
      >
        <form action={confirmAction}>
          <input type="hidden" name="token" value={token} />
          <Button>Confirm my subscription</Button>
        </form>
        <p className="text-sm text-ink-soft">
          It was not you who asked? Close this page and nothing more will come.
        </p>
      </NarrowPage>
    </SitePage>
  );
}

function Welcome() {
  return (
    <NarrowPage
      title="You are subscribed"
      lead="The next issue comes to your inbox. A welcome with the latest one is on its way."
    >
      <div>
        <ButtonLink href="/archive">Read the archive</ButtonLink>
      </div>
    </NarrowPage>
  );
}

function AskAgain() {
  return (
    <NarrowPage
      title="This link does not work any more"
      lead="A confirmation link holds for seven days. Ask for a new one; it takes a moment."
    >
      <div>
        <ButtonLink href="/subscribe">Ask for a new link</ButtonLink>
      </div>
    </NarrowPage>
  );
}
