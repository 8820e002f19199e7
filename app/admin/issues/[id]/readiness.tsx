import type { Finding } from "@/lib/issues/readiness";

/** What the preflight found, what must be mended first, each with the way to where it is mended. */
export function Readiness({ issueId, findings }: { issueId: string; findings: Finding[] }) {
  const stops = findings.filter((finding) => finding.level === "stop");
  return (
    <section className="desk-panel" aria-labelledby="readiness-title">
      <h2 id="readiness-title">{stops.length === 0 ? "Ready to go" : "Not ready yet"}</h2>
      {findings.length === 0 ? (
        <p className="desk-soft">Nothing stands in the way.</p>
      ) : (
        <ul className="grid gap-2">
          {findings.map((finding) => (
            <li key={finding.message} className="grid grid-cols-[3.5rem_1fr] items-baseline gap-2">
              <span className={finding.level === "stop" ? "desk-tag bad" : "desk-tag"}>
                {finding.level === "stop" ? "mend" : "look"}
              </span>
              <span>
                {finding.message} <a href={wayTo(issueId, finding)}>{WAY[finding.place]}</a>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const WAY: Readonly<Record<Finding["place"], string>> = {
  title: "To the title",
  slug: "To the address",
  audience: "To the audience",
  subject: "To the subject",
  preheader: "To the preheader",
  text: "To the text",
  snippets: "To the snippets",
};

function wayTo(issueId: string, { place }: Finding): string {
  if (place === "snippets") return "/admin/snippets";
  const page = `/admin/issues/${issueId}/edit`;
  return place === "text" ? page : `${page}#${place}`;
}
