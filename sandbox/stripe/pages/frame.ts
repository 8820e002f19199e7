import { Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { PAGE_STYLE } from "./style";

/** What every page has around it, with the notice that nothing here is real. */
export function frame(title: string, content: Markup, width: "narrow" | "wide" = "narrow"): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body class="${width}">
<header class="notice"><strong>Sandbox</strong>: no real money. Nothing here leaves this machine.</header>
<main>${content}</main>
</body>
</html>`;
}

/** A page that says what is the matter. `back` leads on when there is somewhere to go. */
export function problemPage(title: string, text: string, back?: { href: string; label: string }): Markup {
  return frame(
    title,
    markup`<h1>${title}</h1><p>${text}</p>${back !== undefined && markup`<p><a href="${back.href}">${back.label}</a></p>`}`,
  );
}

/** A day as people read it, in UTC like all of Stripe's times. */
export function day(seconds: number): Markup {
  const date = new Date(seconds * 1_000);
  const text = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" }).format(date);
  return markup`<time datetime="${date.toISOString()}">${text}</time>`;
}

/** A moment to the minute, UTC. */
export function moment(milliseconds: number): Markup {
  const iso = new Date(milliseconds).toISOString();
  return markup`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

/** A table that scrolls sideways where it does not fit, with a name for those who cannot see it. */
export function table(label: string, columns: string[], rows: Markup[]): Markup {
  return markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/** A message that screen readers speak at once. */
export function alert(text: string | null): Markup | null {
  return text === null ? null : markup`<p class="alert" role="alert">${text}</p>`;
}
