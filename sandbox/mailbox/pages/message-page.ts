import type { OpenMessage } from "../open-message";
import type { MessagePageQuery } from "../request";
import { fileSize, frame, moment } from "./frame";
import { type Markup, markup } from "./markup";

const VIEWS = { html: "HTML", text: "Text", headers: "Headers", source: "Source" } as const;
type View = keyof typeof VIEWS;
type Choice = MessagePageQuery & { view: View };

const DEFAULTS = { images: "on", scheme: "light", width: "640" } as const;

function address(id: number, choice: Partial<MessagePageQuery>): string {
  const query = new URLSearchParams();
  if (choice.view) query.set("view", choice.view);
  for (const key of ["images", "scheme", "width"] as const) {
    const value = choice[key];
    if (value !== undefined && value !== DEFAULTS[key]) query.set(key, value);
  }
  return `/messages/${id}${query.size > 0 ? `?${query}` : ""}`;
}

function option(href: string, label: string, chosen: boolean): Markup {
  return chosen
    ? markup`<a href="${href}" aria-current="true">${label}</a>`
    : markup`<a href="${href}">${label}</a>`;
}

function headerValue(message: OpenMessage, name: string): string | null {
  return message.headers.find((header) => header.name.toLowerCase() === name)?.value ?? null;
}

function switches(id: number, choice: Choice): Markup {
  const to = (change: Partial<MessagePageQuery>) => address(id, { ...choice, ...change });
  return markup`<div class="switches">
<div role="group" aria-label="Width"><span>Width</span>
${option(to({ width: "360" }), "360", choice.width === "360")}
${option(to({ width: "640" }), "640", choice.width === "640")}
${option(to({ width: "full" }), "Full", choice.width === "full")}</div>
<div role="group" aria-label="Colours"><span>Colours</span>
${option(to({ scheme: "light" }), "Light", choice.scheme === "light")}
${option(to({ scheme: "dark" }), "Dark", choice.scheme === "dark")}</div>
<div role="group" aria-label="Images"><span>Images</span>
${option(to({ images: "on" }), "On", choice.images === "on")}
${option(to({ images: "off" }), "Off", choice.images === "off")}</div>
</div>`;
}

function htmlView(message: OpenMessage, choice: Choice): Markup {
  if (message.html === null) return markup`<p class="empty">This message has no HTML part.</p>`;
  const query = new URLSearchParams({ images: choice.images, scheme: choice.scheme });
  return markup`${switches(message.id, choice)}
<iframe class="mail width-${choice.width}" title="The message as HTML" src="/api/messages/${message.id}/html?${query.toString()}"
sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>`;
}

function view(message: OpenMessage, source: string, choice: Choice): Markup {
  switch (choice.view) {
    case "html":
      return htmlView(message, choice);
    case "text":
      return message.text === null
        ? markup`<p class="empty">This message has no text part.</p>`
        : markup`<pre class="text" tabindex="0">${message.text}</pre>`;
    case "headers":
      return markup`<dl class="headers">${message.headers.map(
        ({ name, value }) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`,
      )}</dl>`;
    case "source":
      return markup`<p class="aside"><a href="/api/messages/${message.id}/source">The whole source as plain text</a></p>
<pre class="source" tabindex="0">${source}</pre>`;
  }
}

function envelope(message: OpenMessage): Markup {
  const { attachments } = message;
  return markup`<dl class="envelope">
<div><dt>From</dt><dd>${headerValue(message, "from") ?? "(no From header)"}</dd></div>
<div><dt>To</dt><dd>${message.to.join(", ")}</dd></div>
<div><dt>Sender</dt><dd>${message.from || "(empty)"}</dd></div>
<div><dt>Received</dt><dd>${moment(message.receivedAt)} · ${fileSize(message.size)}</dd></div>
${
  attachments.length > 0 &&
  markup`<div><dt>Attached</dt><dd>${attachments
    .map(({ filename, contentType, size }) => `${filename ?? contentType} (${fileSize(size)})`)
    .join(", ")}</dd></div>`
}
</dl>`;
}

/** One message: who, what, and the chosen view of it. Without a choice the HTML, or the text where there is none. */
export function messagePage(
  message: OpenMessage,
  source: string,
  neighbours: { newer: number | null; older: number | null },
  query: MessagePageQuery,
): string {
  const choice: Choice = { ...query, view: query.view ?? (message.html === null ? "text" : "html") };
  const step = (id: number | null, label: string, rel: string) =>
    id === null
      ? markup`<span class="nowhere">${label}</span>`
      : markup`<a rel="${rel}" href="${address(id, query)}">${label}</a>`;
  return frame(
    `${message.subject || "(no subject)"} – Mailbox`,
    markup`<nav class="steps" aria-label="Messages"><a href="/">All messages</a>
<span class="pair">${step(neighbours.newer, "Newer", "prev")}${step(neighbours.older, "Older", "next")}</span></nav>
<h1>${message.subject || "(no subject)"}</h1>
${envelope(message)}
<nav class="tabs" aria-label="Views">${(Object.keys(VIEWS) as View[]).map((name) =>
      option(address(message.id, { ...choice, view: name }), VIEWS[name], name === choice.view),
    )}</nav>
<section class="view" aria-label="${VIEWS[choice.view]}">${view(message, source, choice)}</section>`,
  );
}
