import type { Finding } from "@/lib/issues/readiness";

export function Readiness({ findings, state }: { findings: Finding[]; state: string }) {
  if (state === "PUBLISHED") return null;
  const stops = findings.filter((finding) => finding.level === "stop");
  return (
    <section className="desk-panel" aria-labelledby="readiness-title">
      <h2 id="readiness-title">{stops.length === 0 ? "Ready to go" : "Not ready yet"}</h2>
      {findings.length === 0 ? (
        <p className="desk-soft">Nothing stands in the way.</p>
      ) : (
        <ul className="grid gap-1.5">
          {findings.map((finding) => (
            <li key={finding.message} className={finding.level === "stop" ? "desk-finding-stop" : ""}>
              <span className="desk-tag mr-2">{finding.level === "stop" ? "mend" : "look"}</span>
              {finding.message}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
