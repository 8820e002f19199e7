import type { Metadata } from "next";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { oneOf } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { upcomingSlots } from "@/lib/issues/weekly-slot";
import { formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { SettingsForm } from "./settings-form";

export const instant = false;
export const metadata: Metadata = { title: "Settings" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SettingsPage({ searchParams }: { searchParams: Search }) {
  await requireAuthor("/admin/settings");
  const publication = await getPublication(getDatabase());
  const { stripePriceId: _stripePriceId, priceCents, ...settings } = publication;
  const values = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value === null ? "" : String(value)]),
  );
  const slots = upcomingSlots(new Date(), publication, 3);
  return (
    <DeskPage place="settings" title="Settings">
      <p className="desk-soft mb-4">
        The next slots: {slots.map((slot) => formatMoment(slot, publication)).join(" · ")}
      </p>
      <SettingsForm
        values={{ ...values, price: (priceCents / 100).toFixed(2) }}
        saved={oneOf((await searchParams).saved) !== ""}
      />
    </DeskPage>
  );
}
