import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Button, buttonClass } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import { NarrowPage } from "@/app/_components/page-shell";
import { requireReader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { getSubscriber, type SubscriberHistory } from "@/lib/subscribers/queries";
import { ERASE_WORDS } from "@/lib/subscribers/schema";
import { readRefused } from "../_forms/answer-form";
import { SitePage } from "../site-page";
import { renewFeedAction, signOutAction, signOutEverywhereAction } from "./actions";
import { EraseForm } from "./erase-form";
import { MailPanel } from "./mail-panel";
import { MembershipPanel } from "./membership-panel";
import { NameForm } from "./name-form";

export const instant = false;
export const metadata: Metadata = { title: "Your account", robots: { index: false } };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function AccountPage({ searchParams }: { searchParams: Search }) {
  const reader = await requireReader();
  const [{ done }, subscriber] = await Promise.all([
    searchParams,
    getSubscriber(getDatabase(), reader.subscriberId),
  ]);
  if (!subscriber) return null;
  return (
    <SitePage>
      <NarrowPage title="Your account" lead={reader.email}>
        {typeof done === "string" && DONE[done] && <Notice tone="success">{DONE[done]}</Notice>}
        <MembershipPanel reader={reader} />
        <MailPanel status={subscriber.status} />
        <FeedPanel token={subscriber.feedToken} />
        <YourData subscriber={subscriber} />
        <LeavingPanel />
      </NarrowPage>
    </SitePage>
  );
}

const DONE: Record<string, string> = {
  "mail-stopped": "You get no more issues by mail.",
  "mail-started": "The next issue comes by mail.",
  paused: "Your membership is paused. A mail with the dates is on its way.",
  resumed: "The pause is over.",
  renamed: "Your name is saved.",
  "feed-renewed": "Your feed has a new address. An older one is dead.",
};

function Panel({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={`${id}-title`} className="grid gap-3 border-t border-line pt-6">
      <h2 id={`${id}-title`} className="text-lg font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}

function FeedPanel({ token }: { token: string | null }) {
  return (
    <Panel id="feed" title="Your own feed">
      <p>
        For a feed reader: it holds the whole text of everything you may read. Keep the address to yourself.
      </p>
      {token !== null && (
        <input
          readOnly
          aria-label="Address of your feed"
          value={`${getEnv().PUBLIC_URL}/feed/${token}.xml`}
          className="w-full rounded-[3px] border border-line bg-surface px-3 py-2 font-mono text-sm"
        />
      )}
      <form action={renewFeedAction}>
        <Button tone="quiet">{token === null ? "Make an address" : "Make a new address"}</Button>
      </form>
    </Panel>
  );
}

async function YourData({ subscriber }: { subscriber: SubscriberHistory }) {
  return (
    <Panel id="data" title="You">
      <NameForm name={subscriber.name} initial={await readRefused("name")} />
      <div>
        <a href="/account/data" className={buttonClass("quiet")} download>
          Download what we know about you
        </a>
      </div>
    </Panel>
  );
}

async function LeavingPanel() {
  const refused = await readRefused("erase");
  return (
    <Panel id="leaving" title="Signing out and leaving">
      <div className="flex flex-wrap gap-3">
        <form action={signOutAction}>
          <Button tone="quiet">Sign out</Button>
        </form>
        <form action={signOutEverywhereAction}>
          <Button tone="quiet">Sign out everywhere</Button>
        </form>
      </div>
      <details open={refused.problem !== null}>
        <summary className="py-2">Erase me</summary>
        <div className="grid gap-3 pt-2">
          <p>
            This ends a membership at once, without a refund, and deletes your address and everything kept
            with it. It cannot be undone. If you asked for no mail or had a trial, a one-way code of the
            address stays, so that neither is forgotten.
          </p>
          <EraseForm words={ERASE_WORDS} initial={refused} />
        </div>
      </details>
    </Panel>
  );
}
