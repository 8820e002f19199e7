import { useId } from "react";
import { LEVELS } from "@/app/admin/_desk/levels";
import type { HealthSection } from "@/lib/installation/health/judge";

/** A few lines that belong together: how each stands, and what to do where it does not stand well. */
export function SectionPart({ section: { title, findings } }: { section: HealthSection }) {
  const id = useId();
  return (
    <section className="desk-panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <dl className="health-lines">
        {findings.map(({ name, level, says, advice, issues = [] }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="health-level">
              <span className={`desk-tag ${LEVELS[level].tone}`}>{LEVELS[level].words}</span>
            </dd>
            <dd className="health-words">
              {says}
              {level !== "ok" && advice && <p className="desk-soft">{advice}</p>}
              {issues.length > 0 && (
                <ul>
                  {issues.map((issue) => (
                    <li key={issue.id}>
                      <a href={`/admin/issues/${issue.id}`}>{issue.title}</a>
                    </li>
                  ))}
                </ul>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
