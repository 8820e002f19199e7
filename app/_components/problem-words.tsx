/** What a page that holds typed words says of a session that ended. */
export const SIGNED_OUT =
  "You are signed out. Sign in again in another tab, then try once more: nothing here is lost.";

/** Why something was refused; of a session that ended also the way to another one, beside what was typed. */
export function ProblemWords({ children }: { children: string }) {
  if (children !== SIGNED_OUT) return children;
  return (
    <>
      {children}{" "}
      <a href="/sign-in?next=/admin" target="_blank" rel="noreferrer">
        Sign in, in a new tab
      </a>
    </>
  );
}
