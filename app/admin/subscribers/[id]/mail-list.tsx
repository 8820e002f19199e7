import { DELIVERY_STATES, stateInWords, stateTone } from "@/app/admin/_desk/delivery-states";
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
        <section className="desk-table-scroll" aria-label="Mail to this person" tabIndex={0}>
          <table className="desk-table">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">State</th>
                <th scope="col">Last answer</th>
              </tr>
            </thead>
            <tbody>
              {history.mails.map((mail) => (
                <Row
                  key={`${mail.kind} ${mail.what} ${mail.at.getTime()}`}
                  mail={mail}
                  publication={publication}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Paging
        page={history.page}
        pageCount={history.pageCount}
        hrefFor={(number) => addressWith(`/admin/subscribers/${subscriberId}`, { page: number })}
      />
    </section>
  );
}

function Row({ mail, publication }: { mail: MailInHistory; publication: PublicationSettings }) {
  const state = DELIVERY_STATES.find((each) => each === mail.state);
  return (
    <tr>
      <td className="whitespace-nowrap">{shortMoment(mail.at, publication)}</td>
      <td>
        {mail.issueId ? (
          <a href={`/admin/issues/${mail.issueId}`}>{mail.what || "Untitled"}</a>
        ) : (
          mail.what.replaceAll("-", " ")
        )}
        {mail.variant === "TEASER" && <span className="desk-soft"> to the paywall</span>}
      </td>
      <td>
        <span className={`desk-tag ${state ? stateTone(state) : "plain"}`}>
          {state ? stateInWords(state) : mail.state.toLowerCase()}
        </span>
      </td>
      <td className="desk-soft">{mail.reply}</td>
    </tr>
  );
}
