import { listFaults } from "../faults";
import { listMatching } from "../filter";
import type { MessageSummary } from "../record";
import type { MessageStore } from "../store";
import { fileSize, frame, moment } from "./frame";
import { type Markup, markup } from "./markup";

const PAGE_LENGTH = 50;

function pageAddress(q: string, page: number): string {
  const query = new URLSearchParams({ ...(q ? { q } : {}), ...(page > 1 ? { page: String(page) } : {}) });
  return query.size > 0 ? `/?${query}` : "/";
}

function row({ id, to, subject, receivedAt, size }: MessageSummary): Markup {
  const others = to.length > 1 ? ` and ${to.length - 1} more` : "";
  return markup`<li><a href="/messages/${id}">
<span class="to">${to[0] ?? "nobody"}${others}</span>
<span class="subject">${subject || "(no subject)"}</span>
<span class="when">${moment(receivedAt)} · ${fileSize(size)}</span>
</a></li>`;
}

function searchForm(q: string, total: number, newest: number): Markup {
  return markup`<div class="bar">
<form class="search" role="search" action="/" method="get">
<label for="q">Recipient or subject</label>
<input id="q" name="q" type="search" value="${q}" autocomplete="off" spellcheck="false">
<button>Search</button>
${q !== "" && markup`<a href="/">Show all</a>`}
</form>
<p id="count" role="status" data-newest="${newest}">${total === 1 ? "1 message" : `${total.toLocaleString("en")} messages`}${q !== "" && ` with “${q}”`}</p>
</div>`;
}

function empty(q: string, smtpUrl: string): Markup {
  if (q !== "") return markup`<p class="empty">No message has “${q}” in its recipient or subject.</p>`;
  return markup`<p class="empty">Nothing has arrived yet. Send to <code>${smtpUrl}</code>, any sender, any password.</p>`;
}

function paging(q: string, page: number, pages: number): Markup | null {
  if (pages < 2) return null;
  return markup`<nav class="paging" aria-label="Pages">
${page > 1 && markup`<a rel="prev" href="${pageAddress(q, page - 1)}">Newer</a>`}
<span>Page ${page} of ${pages}</span>
${page < pages && markup`<a rel="next" href="${pageAddress(q, page + 1)}">Older</a>`}
</nav>`;
}

function notes(smtpUrl: string, total: number): Markup {
  return markup`<details class="notes"${total === 0 && markup` open`}><summary>Addresses for trying out faults</summary>
<dl class="faults">${listFaults().map(({ example, effect }) => markup`<div><dt><code>${example}</code></dt><dd>${effect}</dd></div>`)}</dl>
<p>The word alone works too, and so does every domain. Mail comes in at <code>${smtpUrl}</code>; programs read it at
<a href="/api/messages"><code>/api/messages</code></a>.</p></details>
${total > 0 && markup`<form class="clear" action="/delete" method="post"><button>Delete all messages</button></form>`}`;
}

/** The list of messages, newest first, 50 a page. A page beyond the last shows the last. */
export function listPage(store: MessageStore, smtpUrl: string, query: { q: string; page: number }): string {
  const q = query.q.trim();
  const { total } = listMatching(store, { q }, { limit: 0, offset: 0 });
  const pages = Math.max(1, Math.ceil(total / PAGE_LENGTH));
  const page = Math.min(query.page, pages);
  const { messages } = listMatching(store, { q }, { limit: PAGE_LENGTH, offset: (page - 1) * PAGE_LENGTH });
  const [newest] = store.newestFirst();
  return frame(
    "Mailbox",
    markup`<h1 class="unseen">Messages</h1>
${searchForm(q, total, newest?.id ?? 0)}
<p id="news" class="news" hidden><a class="news-link" href="${pageAddress(q, 1)}">New messages have arrived. Show them</a></p>
<div id="messages">${messages.length > 0 ? markup`<ol class="messages">${messages.map(row)}</ol>` : empty(q, smtpUrl)}
${paging(q, page, pages)}</div>
${notes(smtpUrl, store.total)}`,
  );
}
