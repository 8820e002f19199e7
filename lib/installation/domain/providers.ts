/** Providers that send from other addresses than the one that takes the mail, by the end of their server's name. */
const PROVIDERS: Readonly<Record<string, string>> = {
  "amazonaws.com": "amazonses.com",
  "postmarkapp.com": "spf.mtasv.net",
  "mailgun.org": "mailgun.org",
  "sendgrid.net": "sendgrid.net",
  "gmail.com": "_spf.google.com",
  "google.com": "_spf.google.com",
  "office365.com": "spf.protection.outlook.com",
  "mailjet.com": "spf.mailjet.com",
  "brevo.com": "spf.brevo.com",
  "fastmail.com": "spf.messagingengine.com",
};

/** The domain to include in SPF for a mail server of a provider known here; null for any other. */
export function includeFor(host: string | null): string | null {
  const known = Object.keys(PROVIDERS).find((end) => host === end || host?.endsWith(`.${end}`));
  return known ? (PROVIDERS[known] ?? null) : null;
}
