import { nextTryInWords, stateInWords } from "@/app/admin/_desk/delivery-states";
import { addressWith } from "@/app/admin/_desk/paging";
import type { Reason } from "@/lib/deliveries/queries";
import type { PublicationSettings } from "@/lib/publication/queries";

const HEADINGS = [
  ["Why some did not get it", ["FAILED", "SKIPPED"]],
  ["Why some do not have it yet", ["DEFERRED"]],
  ["Why nobody knows whether some have it", ["UNCERTAIN"]],
] as const;

/** Why messages did not go out, or may not have, each below a heading that is true of it. */
export function Reasons({
  reasons,
  here,
  paused,
  publication,
}: {
  reasons: Reason[];
  here: string;
  paused: boolean;
  publication: PublicationSettings;
}) {
  return HEADINGS.map(([heading, states]) => {
    const those = reasons.filter(({ state }) => states.some((each) => each === state));
    if (those.length === 0) return null;
    const id = `reasons-${states[0].toLowerCase()}`;
    return (
      <section key={id} aria-labelledby={id}>
        <h3 id={id} className="mb-1 font-medium">
          {heading}
        </h3>
        <ul className="desk-lines grid gap-1">
          {those.map(({ state, reply, count, nextAttemptAt }) => (
            <li key={`${state} ${reply}`} className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-2">
              <span className="text-right tabular-nums">{count.toLocaleString("en")}</span>
              <span className="wrap-anywhere">
                <a href={addressWith(here, { state, q: wordsToFind(reply ?? "") })}>{stateInWords(state)}</a>
                <span className="desk-soft"> {reply ?? "without an answer"}</span>
                {nextAttemptAt && (
                  <span className="desk-soft">
                    , tried again {nextTryInWords(nextAttemptAt, { ...publication, paused })}
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      </section>
    );
  });
}

const LONGEST_SEARCH = 200;

/**
 * What the ledger is searched for to find all of one reason: the codes, where a server gave both; else its words as far
 * as the first that may be a number of its own. What we put before a server's words is no part of them.
 */
function wordsToFind(reply: string): string {
  const [said = reply] = /\b[45]\d\d[ -].*/s.exec(reply) ?? [];
  const [codes] = /^\d{3}[ -]\d\.\d{1,3}\.\d{1,3}\b/.exec(said) ?? [];
  const [words = ""] = /^\S+(?: (?!\S*\d)\S+)*/.exec(said) ?? [];
  return (codes ?? words).slice(0, LONGEST_SEARCH);
}
