import type { Metadata } from "next";
import { Notice } from "@/app/_components/notice";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { shortMoment } from "@/app/admin/_desk/moment";
import { RefreshWhileOpen } from "@/app/admin/_desk/refresh-while-open";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { readHealth } from "@/lib/installation/health/read-health";
import { getPublication } from "@/lib/publication/queries";
import "./health.css";
import { SectionPart } from "./section-part";

export const instant = false;
export const metadata: Metadata = { title: "Health" };

const LOOK_AGAIN_MS = 5_000;

export default async function HealthPage() {
  await requireAuthor("/admin/health");
  const db = getDatabase();
  const [health, publication] = await Promise.all([readHealth(db), getPublication(db)]);
  return (
    <DeskPage place="health" title="Health">
      <div className="grid grid-cols-1 gap-4">
        <Notice tone={health.wrong > 0 ? "info" : "success"}>
          {health.wrong === 0
            ? "All is well."
            : `${health.wrong} ${health.wrong === 1 ? "line needs" : "lines need"} a look.`}
        </Notice>
        {health.sections.map((section) => (
          <SectionPart key={section.title} section={section} />
        ))}
        <p className="desk-soft">
          As of {shortMoment(new Date(), publication)}; looked at again every few seconds while this page is
          open. For a monitor: <code>/api/health</code>, and <code>/api/metrics</code> once METRICS_TOKEN is
          set.
        </p>
      </div>
      <RefreshWhileOpen everyMs={LOOK_AGAIN_MS} />
    </DeskPage>
  );
}
