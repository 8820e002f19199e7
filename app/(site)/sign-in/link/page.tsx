import type { Metadata } from "next";
import { connection } from "next/server";
import { Button, ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import { inspectSignInLink } from "@/lib/auth/sign-in";
import { getDatabase } from "@/lib/db";
import { readRefused } from "../../_forms/answer-form";
import { SitePage } from "../../site-page";
import { pressLinkAction } from "../actions";
import { readBrowserToken } from "../browser-token";
import { CodeForm } from "../code-form";

export const instant = false;
export const metadata: Metadata = { title: "Sign in", robots: { index: false }, referrer: "same-origin" };

type Search = Promise<Record<string, string | string[] | undefined>>;

/** Opened by people and by every scanner on the way, so it only shows what a press would do. */
export default async function SignInLinkPage({ searchParams }: { searchParams: Search }) {
  await connection();
  const { token } = await searchParams;
  const linkToken = typeof token === "string" ? token : "";
  const link = await inspectSignInLink(
    getDatabase(),
    { linkToken, browserToken: await readBrowserToken() },
    { now: new Date() },
  );
  if (link.state === "unusable")
    return (
      <SitePage>
        <AskAgain />
      </SitePage>
    );
  if (link.sameBrowser) {
    return (
      <SitePage>
        <NarrowPage
          title="Sign in"
          lead={
            <>
              As <strong>{link.email}</strong>, on this device.
            </>
          }
        >
          <form action={pressLinkAction}>
            <input type="hidden" name="token" value={linkToken} />
            <Button>Sign in</Button>
          </form>
        </NarrowPage>
      </SitePage>
    );
  }
  return (
    <SitePage>
      <NarrowPage
        title="You asked in another browser"
        lead={
          <>
            The code in the same mail signs in <strong>{link.email}</strong> in the tab where you asked
            {link.mayTypeCode ? ", or here." : "."}
          </>
        }
      >
        {link.mayTypeCode ? <CodeForm token={linkToken} initial={await readRefused("code")} /> : null}
        <p className="text-sm text-ink-soft">
          Closed that tab? <a href="/sign-in">Ask for a new mail here</a>
        </p>
      </NarrowPage>
    </SitePage>
  );
}

function AskAgain() {
  return (
    <NarrowPage
      title="This link does not work any more"
      lead="A sign-in link can be used once, for ten minutes, and a newer one replaces it."
    >
      <div>
        <ButtonLink href="/sign-in">Ask for a new mail</ButtonLink>
      </div>
    </NarrowPage>
  );
}
