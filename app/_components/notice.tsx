import type { ReactNode } from "react";

export type NoticeTone = "info" | "success" | "problem";

const EDGE: Readonly<Record<NoticeTone, string>> = {
  info: "border-ink-soft",
  success: "border-good",
  problem: "border-bad",
};

/** What happened, in plain words. A problem is announced at once to a screen reader, the rest politely. */
export function Notice({
  tone = "info",
  title,
  children,
}: {
  tone?: NoticeTone;
  title?: string;
  children: ReactNode;
}) {
  return (
    <div
      role={tone === "problem" ? "alert" : "status"}
      className={`border-l-[3px] bg-surface px-4 py-3 text-[0.9375rem] ${EDGE[tone]}`}
    >
      {title && <p className="font-semibold">{title}</p>}
      <div>{children}</div>
    </div>
  );
}
