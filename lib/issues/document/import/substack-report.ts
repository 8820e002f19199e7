import type { SubstackExport } from "./substack-export";

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** The same reason said once, with how often and the first places it happened at. */
function grouped(entries: readonly { what: string; why: string }[]): string[] {
  const places = new Map<string, string[]>();
  for (const { what, why } of entries) places.set(why, [...(places.get(why) ?? []), what]);
  return Array.from(places, ([why, whats]) => {
    const shown = whats.slice(0, 5).join("; ");
    const others = whats.length > 5 ? `; and ${counted(whats.length - 5, "other")}` : "";
    return `  ${shown}${others}\n    ${why}`;
  });
}

/** What an import found, as lines for a person to read: imported, skipped and why, changed on the way. */
export function describeSubstackExport(found: SubstackExport): string {
  const issues = found.issues.filter(({ kind }) => kind === "ISSUE");
  const drafts = issues.filter(({ state }) => state === "DRAFT");
  const pages = found.issues.length - issues.length;
  const members = found.subscribers.filter(({ membership }) => membership.kind !== "NONE").length;
  const off = found.subscribers.filter(({ emailDisabled }) => emailDisabled).length;
  const lines = [
    `Read ${counted(issues.length, "issue")} (${counted(drafts.length, "draft")}) and ${counted(pages, "page")}${found.seriesName ? `, numbered as “${found.seriesName}”` : ""}.`,
    `Read ${counted(found.subscribers.length, "subscriber")}: ${counted(members, "member")}, ${off.toLocaleString("en")} with mail switched off.`,
  ];
  if (found.skipped.length > 0)
    lines.push("", `Skipped (${found.skipped.length.toLocaleString("en")}):`, ...grouped(found.skipped));
  const changes = found.notes.map(({ what, message }) => ({ what, why: message }));
  if (changes.length > 0)
    lines.push("", `Changed (${changes.length.toLocaleString("en")}):`, ...grouped(changes));
  return `${lines.join("\n")}\n`;
}
