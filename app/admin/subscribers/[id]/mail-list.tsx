import { DELIVERY_STATES, stateInWords, stateTone } from "@/app/admin/_desk/delivery-states";
import { DeskTable } from "@/app/admin/_desk/desk-table";
import { shortMoment } from "@/app/admin/_desk/moment";
import { addressWith, Paging } from "@/app/admin/_desk/paging";
import { getDatabase } from "@/lib/db";
import type { PublicationSettings } from "@/lib/publication/queries";
import { listMailTo, type MailInHistory } from "@/lib/subscribers/queries";

/** Every mail to this person, issues and notices, with what became of it. */
export async function MailList({
  subscriberId,
  page,
  publication,
}: {
  subscriberId: string;
  page: number;
  publication: PublicationSettings;
}) {
  const history = await listMailTo(getDatabase(), subscriberId, { page });
  return (
    <section className="desk-panel" aria-labelledby="mail-title">
      <h2 id="mail-title">
        Mail <span className="desk-soft">{history.total.toLocaleString("en")}</span>
      </h2>
      {history.mails.length === 0 ? (
        <p className="desk-soft">Nothing was mailed to this person yet.</p>
      ) : (
        <DeskTable
          label="Mail to this person"
          rows={history.mails}
          keyOf={(mail) => `${mail.kind} ${mail.what} ${mail.at.getTime()}`}
          columns={[
            { head: "When", look: "whitespace-nowrap", cell: (mail) => shortMoment(mail.at, publication) },
            { head: "What", cell: (mail) => <What mail={mail} /> },
            { head: "State", cell: (mail) => <State name={mail.state} /> },
            { head: "Last answer", look: "desk-soft", cell: (mail) => mail.reply },
          ]}
        />
      )}
      <Paging
        page={history.page}
        pageCount={history.pageCount}
        hrefFor={(number) => addressWith(`/admin/subscribers/${subscriberId}`, { page: number })}
      />
    </section>
  );
}

function What({ mail }: { mail: MailInHistory }) {
  return (
    <>
      {mail.issueId ? (
        <a href={`/admin/issues/${mail.issueId}`}>{mail.what || "Untitled"}</a>
      ) : (
        mail.what.replaceAll("-", " ")
      )}
      {mail.variant === "TEASER" && <span className="desk-soft"> to the paywall</span>}
    </>
  );
}

function State({ name }: { name: string }) {
  const state = DELIVERY_STATES.find((each) => each === name);
  return (
    <span className={`desk-tag ${state ? stateTone(state) : "plain"}`}>
      {state ? stateInWords(state) : name.toLowerCase()}
    </span>
  );
}
