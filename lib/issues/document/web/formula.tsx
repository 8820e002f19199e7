import type { ReactNode } from "react";
import { mathMarkup } from "@/lib/issues/document/mathml";

/** A formula as MathML, which browsers draw and read aloud themselves; its TeX where it cannot be set. */
export function Formula({ tex, display }: { tex: string; display: boolean }): ReactNode {
  const markup = mathMarkup(tex, display);
  if (markup === null) return <code className="issue-tex">{tex}</code>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: mathMarkup lets nothing but plain MathML through
  return <span className="issue-math" dangerouslySetInnerHTML={{ __html: markup }} />;
}
