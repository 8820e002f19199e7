import { DeskTable } from "@/app/admin/_desk/desk-table";
import type { CodeState, DiscountCode } from "@/lib/memberships/codes";
import { formatMoney, isoDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { SwitchForm } from "./code-form";

const STATES: Readonly<Record<CodeState, string>> = {
  active: "active",
  off: "off",
  "used-up": "used up",
  expired: "expired",
};

export function CodeTable({
  codes,
  publication,
}: {
  codes: DiscountCode[];
  publication: PublicationSettings;
}) {
  if (codes.length === 0)
    return (
      <p className="desk-empty">
        There is no code yet. Make one below; readers type it on Stripe’s page when they join.
      </p>
    );
  return (
    <DeskTable
      label="Discount codes"
      stacks
      rows={codes}
      keyOf={({ id }) => id}
      columns={[
        { head: "Code", cell: ({ code }) => <strong className="break-all">{code}</strong> },
        {
          head: "State",
          look: "whitespace-nowrap",
          cell: ({ state }) => (
            <span className={`desk-tag ${state === "active" ? "good" : ""}`}>{STATES[state]}</span>
          ),
        },
        {
          head: "Takes off",
          look: "whitespace-nowrap",
          cell: (code) => discountInWords(code, publication.language),
        },
        {
          head: "Uses",
          look: "whitespace-nowrap number",
          cell: ({ uses, maxUses }) =>
            maxUses === null
              ? uses.toLocaleString("en")
              : `${uses.toLocaleString("en")} of ${maxUses.toLocaleString("en")}`,
        },
        {
          head: "Last day",
          look: "whitespace-nowrap",
          cell: ({ expiresAt }) =>
            expiresAt ? isoDate(new Date(expiresAt.getTime() - 1), publication.timeZone) : "none",
        },
        {
          head: "Switch",
          cell: ({ id, code, state }) =>
            (state === "active" || state === "off") && (
              <SwitchForm id={id} code={code} active={state === "active"} />
            ),
        },
      ]}
    />
  );
}

function discountInWords(code: DiscountCode, language: string): string {
  const { percentOff, amountOff, duration, months } = code;
  const off = amountOff
    ? formatMoney(amountOff.amountCents, amountOff.currency, language)
    : `${percentOff ?? 0}%`;
  if (duration === "once") return `${off} once`;
  if (duration === "forever") return `${off} for ever`;
  return `${off} for ${months === 1 ? "1 month" : `${months} months`}`;
}
