import type { Metadata } from "next";
import { connection } from "next/server";
import { Notice } from "@/app/_components/notice";
import { NarrowPage } from "@/app/_components/page-shell";
import { SubscribeForm } from "@/app/_components/subscribe-form";
import { isRoleAddress, parseAddress } from "@/lib/subscribers/address";
import { loadPublication } from "../public-data";
import { SitePage } from "../site-page";
import { readTyped } from "./typed-address";

export const instant = false;
export const metadata: Metadata = { title: "Subscribe" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SubscribePage({ searchParams }: { searchParams: Search }) {
  await connection();
  const { sent, erased, problem } = await searchParams;
  if (sent === "1")
    return (
      <SitePage>
        <CheckYourInbox />
      </SitePage>
    );
  if (erased === "1")
    return (
      <SitePage>
        <Erased />
      </SitePage>
    );
  return (
    <SitePage>
      <Ask problem={problem} />
    </SitePage>
  );
}

async function Ask({ problem }: { problem: string | string[] | undefined }) {
  const publication = await loadPublication();
  const typed = problem === undefined ? "" : await readTyped();
  return (
    <NarrowPage title={`Subscribe to ${publication.name}`} lead={publication.tagline}>
      {typeof problem === "string" && problem !== "address" && (
        <Notice tone="problem">{PROBLEMS[problem] ?? PROBLEMS.form}</Notice>
      )}
      <SubscribeForm
        source="subscribe"
        {...(problem === undefined && { startedAt: new Date() })}
        typed={typed}
        problem={problem === "address" ? whatIsWrong(typed) : undefined}
      />
      <p className="text-sm text-ink-soft">
        We send one mail to confirm the address, then every new issue. Each mail has a link to leave at once.
      </p>
      <p className="text-sm">
        Already subscribed? <a href="/sign-in">Sign in</a>
      </p>
    </NarrowPage>
  );
}

function CheckYourInbox() {
  return (
    <NarrowPage
      title="Check your inbox"
      lead="We have sent you a mail with a link. Open it and press the button to confirm."
    >
      <p>
        Nothing there after a few minutes? Look in the spam folder, or <a href="/subscribe">try once more</a>{" "}
        in ten minutes: we mail an address no more often than that.
      </p>
      <p>
        <a href="/archive">Read the archive while you wait</a>
      </p>
    </NarrowPage>
  );
}

function Erased() {
  return (
    <NarrowPage
      title="You are erased"
      lead="Your address and everything kept with it are gone. Thank you for reading."
    >
      <p>
        <a href="/archive">The archive</a> stays open to everybody.
      </p>
    </NarrowPage>
  );
}

const PROBLEMS: Record<string, string> = {
  form: "This form did not arrive whole. Please try again here.",
  quick:
    "That came back faster than people type, so nothing was sent. If you are a person, press Subscribe once more.",
  later: "Too many sign-ups came in just now. Please try again in a while; your address is still here.",
  origin: "The form came from another site. Please subscribe here instead.",
  ours: "Something went wrong on our side. Nothing was lost; please try again.",
};

function whatIsWrong(typed: string): string {
  const address = parseAddress(typed);
  if (!address.ok) return address.problem;
  return isRoleAddress(address.email)
    ? "This address belongs to a duty, not to a person. Please use your own."
    : "Please check the address and try again.";
}
