import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { table } from "./frame";

const PER_PAGE = 20;

/** What somebody looks at: whom they look for, and which page of each list. */
export interface View {
  /** In lower case; empty finds everybody. */
  find: string;
  pages: Readonly<Record<string, number>>;
}

export function readView(query: URLSearchParams): View {
  const pages: Record<string, number> = {};
  for (const [name, value] of query) {
    const page = Number(value);
    if (name !== "find" && Number.isInteger(page) && page > 1 && page < 100_000) pages[name] = page;
  }
  return { find: (query.get("find") ?? "").trim().toLowerCase().slice(0, 200), pages };
}

/** The address that shows a view, beginning with `/`. */
export function addressOf({ find, pages }: View): string {
  const query = new URLSearchParams(find === "" ? [] : [["find", find]]);
  for (const [name, page] of Object.entries(pages)) if (page > 1) query.set(name, String(page));
  return query.size === 0 ? "/" : `/?${query}`;
}

interface Listing<T> {
  /** Names the list in the address, and is its anchor. */
  name: string;
  title: string;
  columns: string[];
  rows: readonly T[];
  draw(row: T): Markup;
}

/** One page of a list, newest first, with a way to the others. */
export function listing<T>(view: View, { name, title, columns, rows, draw }: Listing<T>): Markup {
  const last = Math.max(1, Math.ceil(rows.length / PER_PAGE));
  const page = Math.min(view.pages[name] ?? 1, last);
  const to = (wanted: number) =>
    `${addressOf({ ...view, pages: { ...view.pages, [name]: wanted } })}#${name}`;
  const nobody = view.find === "" ? "None yet." : "None found.";
  return markup`<section aria-labelledby="${name}"><h2 id="${name}">${title} (${rows.length})</h2>
${
  rows.length === 0
    ? markup`<p class="soft">${nobody}</p>`
    : table(title, columns, rows.slice((page - 1) * PER_PAGE, page * PER_PAGE).map(draw))
}
${
  last > 1 &&
  markup`<nav class="paging" aria-label="Pages of ${title.toLowerCase()}">
${page > 1 && markup`<a href="${to(page - 1)}">Newer</a>`}
<span class="soft">Page ${page} of ${last}</span>
${page < last && markup`<a href="${to(page + 1)}">Older</a>`}
</nav>`
}</section>`;
}
