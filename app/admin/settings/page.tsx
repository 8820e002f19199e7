import type { Metadata } from "next";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { countAudience } from "@/lib/issues/audience";
import { upcomingSlots } from "@/lib/issues/weekly-slot";
import { amountForTyping, formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { DomainPart } from "./domain-part";
import { SettingsForm } from "./settings-form";

export const instant = false;
export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  await requireAuthor("/admin/settings");
  const db = getDatabase();
  const [publication, audience] = await Promise.all([
    getPublication(db),
    countAudience(db, { now: new Date() }),
  ]);
  const {
    stripePriceId: _month,
    stripeYearlyPriceId: _year,
    priceCents,
    yearlyPriceCents,
    ...settings
  } = publication;
  const typed = (cents: number | null) =>
    cents === null ? "" : amountForTyping(cents, publication.currency);
  const values = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value === null ? "" : String(value)]),
  );
  return (
    <DeskPage place="settings" title="Settings">
      <SettingsForm
        saved={{ ...values, price: typed(priceCents), yearlyPrice: typed(yearlyPriceCents) }}
        known={{
          mailFrom: getEnv().MAIL_FROM,
          members: audience.members,
          slots: upcomingSlots(new Date(), publication, 3).map((slot) =>
            formatMoment(slot, { language: "en", timeZone: publication.timeZone }),
          ),
          timeZones: Intl.supportedValuesOf("timeZone"),
        }}
      />
      <DomainPart />
    </DeskPage>
  );
}
