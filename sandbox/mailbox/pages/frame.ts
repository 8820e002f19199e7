import { type Markup, markup } from "./markup";

/** What every page has around it. */
export function frame(title: string, content: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/mailbox.css">
<script src="/mailbox.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="masthead">
<a class="home" href="/">Mailbox</a>
<p>Mail sent here stays on this machine. Nobody receives it.</p>
</header>
<main id="content">${content}</main>
</body>
</html>`.source;
}

/** A page that says what went wrong and leads back. */
export function problemPage(title: string, text: string): string {
  return frame(
    `${title} – Mailbox`,
    markup`<h1>${title}</h1><p>${text}</p><p><a href="/">Back to all messages</a></p>`,
  );
}

/** A moment as people read it, and exactly for machines. */
export function moment(iso: string): Markup {
  const text = iso.replace("T", " ").replace(/\.\d+Z$/, " UTC");
  return markup`<time datetime="${iso}">${text}</time>`;
}

/** A size in the unit that fits. */
export function fileSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
