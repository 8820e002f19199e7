import { databaseNow, getDatabase } from "@/lib/db";
import { getSendingProgress, listSendings, type Sending } from "@/lib/deliveries/queries";
import type { PublicationSettings } from "@/lib/publication/queries";
import { DELIVERY_STATES, STATE_COLOURS, stateInWords } from "./delivery-states";
import { LiveProgress } from "./live-progress";
import { shortMoment } from "./moment";

const SHOWN = 8;

/** The last issue that was mailed and how far it came, beside the ones before it. */
export async function LastSendings({ publication }: { publication: PublicationSettings }) {
  const db = getDatabase();
  const sendings = await listSendings(db, { latest: SHOWN });
  const last = sendings.at(-1);
  const progress = last && (await getSendingProgress(db, last.id, { now: await databaseNow(db) }));
  return (
    <section className="desk-panel" aria-labelledby="last-title">
      <h2 id="last-title">Last sending</h2>
      {last && progress ? (
        <div className="desk-halves">
          <div>
            <p className="mb-2">
              <a href={`/admin/issues/${last.id}`} className="font-medium">
                {last.title}
              </a>
              <span className="desk-soft"> {shortMoment(last.startedAt, publication)}</span>
            </p>
            <LiveProgress issueId={last.id} drawn={progress} />
          </div>
          {sendings.length > 1 && <Columns sendings={sendings} publication={publication} />}
        </div>
      ) : (
        <p className="desk-soft">
          Nothing was mailed yet. Schedule an issue, and here you see who got it and what failed.
        </p>
      )}
    </section>
  );
}

/** One column an issue, its height the audience, its parts what became of it; the same as a table for readers of it. */
function Columns({ sendings, publication }: { sendings: Sending[]; publication: PublicationSettings }) {
  const audienceOf = (sending: Sending) =>
    Object.values(sending.counts).reduce((sum, count) => sum + count, 0);
  const highest = Math.max(1, ...sendings.map(audienceOf));
  return (
    <figure>
      <div className="desk-columns" aria-hidden="true">
        {sendings.map((sending) => (
          <a
            key={sending.id}
            href={`/admin/issues/${sending.id}`}
            tabIndex={-1}
            title={`${sending.title}: ${audienceOf(sending).toLocaleString("en")} readers`}
          >
            {DELIVERY_STATES.filter((state) => sending.counts[state] > 0).map((state) => (
              <span
                key={state}
                style={{
                  height: `${(sending.counts[state] / highest) * 100}%`,
                  background: STATE_COLOURS[state],
                }}
              />
            ))}
          </a>
        ))}
      </div>
      <figcaption className="desk-soft text-[0.8125rem]">
        Audiences of the last {sendings.length} sendings, at most {highest.toLocaleString("en")}
      </figcaption>
      <div className="sr-only">
        <table>
          <caption>What became of the last sendings</caption>
          <tbody>
            {sendings.map((sending) => (
              <tr key={sending.id}>
                <th scope="row">
                  {sending.title}, {shortMoment(sending.startedAt, publication)}
                </th>
                <td>
                  {DELIVERY_STATES.filter((state) => sending.counts[state] > 0)
                    .map((state) => `${sending.counts[state]} ${stateInWords(state)}`)
                    .join(", ")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
