import { useId } from "react";
import { buttonClass } from "./button";
import { CONTROL_CLASS } from "./field";

/**
 * The box that takes an address: a plain form to a plain address, so that it works without JavaScript and on pages that
 * were drawn once for everybody. `source` says where it stood; `startedAt` is given only by pages drawn for one visit.
 */
export function SubscribeForm({
  source,
  startedAt,
  typed = "",
  problem,
}: {
  source: string;
  startedAt?: Date;
  typed?: string;
  problem?: string | undefined;
}) {
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <form method="post" action="/api/subscribe" className="grid gap-2">
      <label htmlFor={id} className="text-sm font-medium">
        Your e-mail address
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          name="email"
          type="email"
          required
          maxLength={254}
          autoComplete="email"
          placeholder="name@example.com"
          defaultValue={typed}
          className={`${CONTROL_CLASS} min-w-0 flex-[1_1_14rem]`}
          {...(problem && { "aria-invalid": true, "aria-describedby": errorId })}
        />
        <button type="submit" className={buttonClass("primary", "flex-[0_1_auto]")}>
          Subscribe
        </button>
      </div>
      {problem && (
        <p id={errorId} className="text-sm text-bad">
          {problem}
        </p>
      )}
      <div hidden>
        <label htmlFor={`${id}-website`}>Leave this empty</label>
        <input id={`${id}-website`} name="website" type="text" tabIndex={-1} autoComplete="off" />
      </div>
      <input type="hidden" name="source" value={source} />
      {startedAt && <input type="hidden" name="started" value={startedAt.getTime()} />}
    </form>
  );
}
