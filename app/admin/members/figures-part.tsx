import type { ReactNode } from "react";
import type { Money, Share } from "@/lib/memberships/figures";
import { CHURN_DAYS, CONVERSION_DAYS, type MemberFigures } from "@/lib/memberships/figures-queries";
import { formatMoney } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { FailedPayments } from "./failed-payments";

const COUNT_WORDS = {
  members:
    "Everybody who reads paid issues now: trials, paid, cancelled until their last day, failed payments within the days of grace, and guests.",
  trials: "Trials that run now and were not cancelled.",
  conversion: `Of the trials that ended in the last ${CONVERSION_DAYS} days, those after which a charge succeeded. A first charge comes about an hour after the trial; until then the trial counts as not paid. Erased people are not counted.`,
  monthly:
    "Prices of the subscriptions that are paid or past due and go on, less running discounts that come with every charge. A yearly price counts a twelfth; all is added up exactly and rounded once. Trials, guests, those who cancelled, discounts for once and Stripe’s fees are left out.",
  churn: `Of those who had paid and were members ${CHURN_DAYS} days ago, those whose membership has ended since. Trials and guests are not counted, nor are people who were erased.`,
  failed:
    "What Stripe asks for on open invoices of members whose card was refused. Stripe tries again by itself.",
};

/** The figures on top of the members, each with how it is counted. */
export function FiguresPart({
  figures,
  publication,
  now,
}: {
  figures: MemberFigures;
  publication: PublicationSettings;
  now: Date;
}) {
  const { states, conversion, churn } = figures;
  const sums = (money: Money[]) =>
    money
      .map(({ amountCents, currency }) => formatMoney(amountCents, currency, publication.language))
      .join(" and ") || formatMoney(0, publication.currency, publication.language);
  return (
    <>
      <div className="desk-grid">
        <Figure name="Members" value={figures.members.toLocaleString("en")} how={COUNT_WORDS.members}>
          read everything now
        </Figure>
        <Figure name="Trials" value={states.trial.toLocaleString("en")} how={COUNT_WORDS.trials}>
          running
        </Figure>
        <Figure name="Conversion" value={percent(conversion)} how={COUNT_WORDS.conversion}>
          {conversion.whole === 0
            ? `no trial ended in ${CONVERSION_DAYS} days`
            : `${ofAll(conversion)} ended trials paid`}
        </Figure>
        <Figure name="Monthly revenue" value={sums(figures.monthly)} how={COUNT_WORDS.monthly}>
          recurs
        </Figure>
        <Figure name="Churn" value={percent(churn)} how={COUNT_WORDS.churn}>
          {churn.whole === 0
            ? `nobody paid ${CHURN_DAYS} days ago`
            : `${ofAll(churn)} left in ${CHURN_DAYS} days`}
        </Figure>
        <Figure name="Failed payments" value={sums(figures.due)} how={COUNT_WORDS.failed}>
          {figures.due.length === 0 ? "nothing is owed" : "owed"}
        </Figure>
      </div>
      <FailedPayments members={figures.failed} publication={publication} now={now} />
    </>
  );
}

function Figure({
  name,
  value,
  how,
  children,
}: {
  name: string;
  value: string;
  how: string;
  children: ReactNode;
}) {
  return (
    <section className="desk-panel" aria-label={name}>
      <h2>{name}</h2>
      <p>
        <span className="desk-figure">{value}</span> <span className="desk-soft">{children}</span>
      </p>
      <details className="mt-1 text-[0.8125rem]">
        <summary className="desk-soft min-h-6 cursor-pointer">How it is counted</summary>
        <p className="desk-soft mt-1">{how}</p>
      </details>
    </section>
  );
}

function percent({ part, whole }: Share): string {
  return whole === 0 ? "–" : `${((part / whole) * 100).toLocaleString("en", { maximumFractionDigits: 1 })}%`;
}

function ofAll({ part, whole }: Share): string {
  return `${part.toLocaleString("en")} of ${whole.toLocaleString("en")}`;
}
