"use client";

import { Button } from "./_components/button";
import { LostPage } from "./_components/lost-page";

/** What a reader sees when something of ours broke. The reference is the one in the log. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <LostPage
      title="Something broke on our side"
      lead="It is not your doing, and nothing was lost. Try again in a moment."
    >
      <p>
        <Button type="button" onClick={reset}>
          Try again
        </Button>
      </p>
      {error.digest && <p className="text-sm text-ink-soft">Reference: {error.digest}</p>}
    </LostPage>
  );
}
