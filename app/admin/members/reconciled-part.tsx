import { ActionForm } from "@/app/_components/action-form";
import { shortMoment } from "@/app/admin/_desk/moment";
import { RefreshWhileOpen } from "@/app/admin/_desk/refresh-while-open";
import type { ReconciliationState } from "@/lib/memberships/reconciliations";
import type { PublicationSettings } from "@/lib/publication/queries";
import { reconcileAction } from "./actions";

/** When the figures were compared with Stripe last, and whether all agreed. */
export function ReconciledPart({
  state: { open, last },
  publication,
}: {
  state: ReconciliationState;
  publication: PublicationSettings;
}) {
  return (
    <section className="desk-panel" aria-labelledby="reconciled-title">
      <h2 id="reconciled-title">Compared with Stripe</h2>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div role="status">
          {last ? (
            <p>
              {last.finishedAt && `${shortMoment(last.finishedAt, publication)}: `}
              {outcomeInWords(last)}
            </p>
          ) : (
            <p>Not yet. The worker compares when it starts, and every hour.</p>
          )}
          {open && (
            <p className="desk-soft">
              {open.startedAt ? "The worker compares now." : "Asked for; the worker begins in a moment."}
            </p>
          )}
        </div>
        {open ? <RefreshWhileOpen /> : <ActionForm action={reconcileAction} label="Reconcile now" />}
      </div>
    </section>
  );
}

function outcomeInWords(run: NonNullable<ReconciliationState["last"]>): string {
  if (run.error !== null) return `it failed, and will be tried again. ${run.error}`;
  const customers = `${run.checked.toLocaleString("en")} ${run.checked === 1 ? "customer" : "customers"}`;
  if (run.changed === 0 && run.failed === 0) return `all agreed, ${customers} looked up.`;
  const parts = [`${customers} looked up`];
  if (run.changed > 0) parts.push(`${run.changed.toLocaleString("en")} differed and were put right`);
  if (run.failed > 0)
    parts.push(`${run.failed.toLocaleString("en")} could not be compared and stay as they were`);
  return `${parts.join(", ")}.`;
}
