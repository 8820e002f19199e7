/**
 * Reads SMTP_URL. `smtps:` speaks TLS from the first byte; `smtp:` upgrades when the server offers it, and must where
 * a password is sent to another machine. `?tls=required` and `?tls=never` say so for themselves.
 */
export type SmtpServer = {
  connection: {
    host: string;
    port: number;
    secure: boolean;
    requireTLS: boolean;
    ignoreTLS: boolean;
    name?: string;
  };
  auth: { user: string; pass: string } | null;
};

/** Throws a RangeError for what is no SMTP address. */
export function readSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== "smtp:" && url.protocol !== "smtps:") || url.hostname === "") {
    throw new RangeError("SMTP_URL: write an address such as smtp://user:password@mail.example.com:587");
  }
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const tls = url.searchParams.get("tls");
  const name = url.searchParams.get("name");
  const user = decodeURIComponent(url.username);
  const auth = user === "" ? null : { user, pass: decodeURIComponent(url.password) };
  const local = host === "localhost" || host === "::1" || host.startsWith("127.");
  return {
    connection: {
      host,
      port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
      secure,
      requireTLS: !secure && tls !== "never" && (tls === "required" || (auth !== null && !local)),
      ignoreTLS: tls === "never",
      ...(name ? { name } : {}),
    },
    auth,
  };
}
