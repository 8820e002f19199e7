import { Suspense } from "react";
import { LEVELS } from "@/app/admin/_desk/levels";
import { getDomainFindings } from "@/lib/installation/domain/get-findings";

/** How the world sees the sending domain, asked anew each time; the page does not wait for it. */
export function DomainPart() {
  return (
    <section className="settings-group settings-domain" aria-labelledby="domain-title">
      <div className="settings-about">
        <h2 id="domain-title">Getting into the inbox</h2>
        <p className="desk-soft">
          What the DNS says of the address that mail comes from. Whoever runs this installation publishes the
          records and sets the rest.
        </p>
      </div>
      <Suspense fallback={<p className="desk-soft">Asking the DNS…</p>}>
        <Findings />
      </Suspense>
    </section>
  );
}

async function Findings() {
  const findings = await getDomainFindings();
  if (!findings) {
    return (
      <p className="desk-soft">
        Mail comes from an example’s domain. Once MAIL_FROM names your own, this says which records it needs.
      </p>
    );
  }
  return (
    <ul className="grid min-w-0 gap-4">
      {findings.map(({ part, level, says, found, publish }) => (
        <li key={part} className="grid min-w-0 gap-1">
          <p>
            <strong>{part}</strong>{" "}
            <span className={`desk-tag ${LEVELS[level].tone}`}>{LEVELS[level].words}</span> {says}
          </p>
          {found.map((record) => (
            <p key={record} className="desk-soft">
              Found: <code className="break-all">{record}</code>
            </p>
          ))}
          {publish && (
            <p>
              Publish, as {publish.type} of <code className="break-all">{publish.name}</code>:{" "}
              <code className="break-all">{publish.value}</code>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
