import type { BounceInList } from "@/lib/deliveries/bounces/queries";

const WORDS: Readonly<Record<BounceInList["kind"], string>> = {
  HARD: "came back for good",
  SOFT: "came back for now",
  POLICY: "was refused because of us",
  COMPLAINT: "was called spam",
};

export function bounceInWords(kind: BounceInList["kind"]): string {
  return WORDS[kind];
}

const SOURCES: Readonly<Record<string, string>> = {
  smtp: "the mail server, while sending",
  dsn: "a report by mail",
  arf: "a complaint by mail",
  ses: "Amazon SES",
  postmark: "Postmark",
  mailgun: "Mailgun",
  sendgrid: "SendGrid",
};

export function bounceSourceInWords(source: string): string {
  return SOURCES[source] ?? source;
}
