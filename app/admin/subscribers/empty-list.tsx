import { type Status, statusInWords } from "./subscriber-words";

const NOBODY: Readonly<Record<Status, string>> = {
  CONFIRMED: "Nobody is confirmed yet. Share the site, or bring your list.",
  PENDING: "Nobody waits for a confirmation.",
  UNSUBSCRIBED: "Nobody has left.",
  SUPPRESSED: "No address is closed: none bounced, none complained.",
};

/** What an empty list means, and what to do about it. */
export function EmptyList({
  search,
  status,
  anybody,
}: {
  search: string;
  status: Status | undefined;
  anybody: boolean;
}) {
  if (search !== "") {
    return (
      <p className="desk-empty">
        Nobody {status && anybody ? `who is ${statusInWords(status)} ` : ""}matches “{search}”.{" "}
        <a href="/admin/subscribers">Show everybody</a>
      </p>
    );
  }
  return (
    <p className="desk-empty">
      {status ? NOBODY[status] : "Nobody yet. Share the site, or bring your list."}{" "}
      {(!status || status === "CONFIRMED") && <a href="/admin/import#list">Import a list</a>}
    </p>
  );
}
