import type { Metadata } from "next";
import { Notice } from "@/app/_components/notice";
import { NarrowPage } from "@/app/_components/page-shell";
import { safeNextPath } from "@/lib/auth/next-path";
import { SIGN_IN_MINUTES } from "@/lib/auth/request-sign-in";
import { readRefused } from "../_forms/answer-form";
import { SitePage } from "../site-page";
import { AddressForm } from "./address-form";
import { CodeForm } from "./code-form";

export const instant = false;
export const metadata: Metadata = { title: "Sign in", robots: { index: false } };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  const { sent, again, next } = await searchParams;
  const nextPath = safeNextPath(next);
  return (
    <SitePage>
      {sent === "1" ? (
        <TypeTheCode next={nextPath} />
      ) : (
        <NarrowPage title="Sign in" lead="No password: we mail you a code that you type here.">
          {again === "1" && (
            <Notice tone="problem">
              That link cannot be used any more, or was asked for in another browser. Please ask for a new
              mail.
            </Notice>
          )}
          <AddressForm next={nextPath} initial={await readRefused("sign-in")} />
          <p className="text-sm text-ink-soft">
            Not a subscriber yet? <a href="/subscribe">Subscribe</a>
          </p>
        </NarrowPage>
      )}
    </SitePage>
  );
}

async function TypeTheCode({ next }: { next: string }) {
  return (
    <NarrowPage
      title="A mail is on its way"
      lead={`If the address reads us, it gets a code of six letters and digits. It holds for ${SIGN_IN_MINUTES} minutes.`}
    >
      <CodeForm initial={await readRefused("code")} />
      <p className="text-sm text-ink-soft">
        Nothing there? Look in the spam folder, check the address and{" "}
        <a href={`/sign-in?next=${encodeURIComponent(next)}`}>ask again</a>, or{" "}
        <a href="/subscribe">subscribe</a> if you have not yet.
      </p>
    </NarrowPage>
  );
}
