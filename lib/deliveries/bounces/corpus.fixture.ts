/**
 * Reports in the shapes that mail servers and feedback loops really send, written by table: every server with every
 * answer that it gives. `to` is the address that the report comes to.
 */
import type { BounceKind } from "@/prisma/generated/enums";

export type Subject = { returnPath: string; messageId: string; reader: string };
export type Sample = { name: string; to: string; source: string; expect: BounceKind | "nothing" };

type Answer = { code: number; status: string; words: string; expect: BounceKind };

const ANSWERS: readonly Answer[] = [
  {
    code: 550,
    status: "5.1.1",
    words: "The email account that you tried to reach does not exist",
    expect: "HARD",
  },
  { code: 550, status: "5.1.10", words: "Recipient not found by SMTP address lookup", expect: "HARD" },
  { code: 550, status: "5.1.2", words: "Bad destination system: no such domain", expect: "HARD" },
  { code: 550, status: "5.2.1", words: "The account is disabled", expect: "HARD" },
  { code: 552, status: "5.2.2", words: "Mailbox is over its quota", expect: "HARD" },
  { code: 550, status: "5.4.1", words: "Recipient address rejected: Access denied", expect: "HARD" },
  { code: 552, status: "5.3.4", words: "Message is larger than this system takes", expect: "POLICY" },
  { code: 452, status: "4.2.2", words: "Mailbox full, gave up after five days", expect: "SOFT" },
  { code: 451, status: "4.4.1", words: "No answer from host, retry time exceeded", expect: "SOFT" },
  { code: 450, status: "4.4.7", words: "Delivery time expired", expect: "SOFT" },
  { code: 550, status: "5.7.1", words: "Message rejected as spam by content filtering", expect: "POLICY" },
  { code: 550, status: "5.7.26", words: "This mail is unauthenticated", expect: "POLICY" },
  { code: 421, status: "4.7.28", words: "Unusual rate of mail from your network", expect: "POLICY" },
];

type Shape = {
  server: string;
  /** The human part, the fields of the message and those of the recipient. */
  write(subject: Subject, answer: Answer): { text: string; message: string[]; recipient: string[] };
  subject: string;
  from: string;
  headers?: string[];
  /** What this server writes into Status, where it does not say what the other server said. */
  original?: "message/rfc822" | "text/rfc822-headers" | "none";
  /** Line ends as some systems hand them over. */
  newline?: "\n";
};

const smtp = ({ code, status, words }: Answer) => `smtp; ${code} ${status} ${words}`;

const SHAPES: readonly Shape[] = [
  {
    server: "Postfix",
    subject: "Undelivered Mail Returned to Sender",
    from: "MAILER-DAEMON@mx.example.net (Mail Delivery System)",
    headers: ["Auto-Submitted: auto-replied"],
    write: ({ reader }, answer) => ({
      text: `This is the mail system at host mx.example.net.\n\n<${reader}>: host mail.example.org[192.0.2.9] said: ${answer.code}\n    ${answer.status} ${answer.words} (in reply to RCPT TO command)`,
      message: [
        "Reporting-MTA: dns; mx.example.net",
        "X-Postfix-Queue-ID: 4Xy3",
        "Arrival-Date: Fri, 20 Nov 2026 09:00:01 +0000 (UTC)",
      ],
      recipient: [
        `Final-Recipient: rfc822; ${reader}`,
        `Original-Recipient: rfc822;${reader}`,
        "Action: failed",
        `Status: ${answer.status}`,
        "Remote-MTA: dns; mail.example.org",
        `Diagnostic-Code: ${smtp(answer)}`,
      ],
    }),
  },
  {
    server: "Exim",
    subject: "Mail delivery failed: returning message to sender",
    from: "Mail Delivery System <Mailer-Daemon@exim.example.net>",
    headers: ["Auto-Submitted: auto-replied"],
    write: ({ reader }, answer) => ({
      text: `This message was created automatically by mail delivery software.\n\n  ${reader}\n    host mail.example.org [192.0.2.9]\n    SMTP error: ${answer.code} ${answer.status} ${answer.words}`,
      message: ["Reporting-MTA: dns; exim.example.net"],
      // Exim says the class alone and leaves the rest to the diagnostic.
      recipient: [
        "Action: failed",
        `Final-Recipient: rfc822;${reader}`,
        `Status: ${answer.status[0]}.0.0`,
        "Remote-MTA: dns; mail.example.org",
        `Diagnostic-Code: smtp; ${answer.code}-${answer.status} ${answer.words}\n ${answer.code} ${answer.status} see https://example.org/help`,
      ],
    }),
  },
  {
    server: "Exchange Online",
    subject: "Undeliverable: Gazette 4",
    from: "<postmaster@tenant.onmicrosoft.example>",
    headers: ["X-MS-Exchange-Message-Is-Ndr:", "Content-Language: en-US"],
    write: ({ reader }, answer) => ({
      text: `${reader} wasn't found at example.org.\n\nDiagnostic information for administrators`,
      message: [
        "Reporting-MTA: dns;AS8PR01MB7001.eurprd01.prod.outlook.example",
        "Received-From-MTA: dns;mail.example.com",
        "Arrival-Date: Fri, 20 Nov 2026 09:00:02 +0000",
      ],
      recipient: [
        `Final-Recipient: rfc822;${reader}`,
        "Action: failed",
        `Status: ${answer.status}`,
        `Diagnostic-Code: smtp;${answer.code} ${answer.status} RESOLVER.ADR; ${answer.words}`,
      ],
    }),
  },
  {
    server: "Exchange",
    subject: "Undeliverable: Gazette 4",
    from: "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@corp.example>",
    write: ({ reader }, answer) => ({
      text: "Delivery has failed to these recipients or groups:",
      message: ["Reporting-MTA: dns;EX01.corp.example"],
      recipient: [
        `Original-Recipient: rfc822;${reader}`,
        `Final-Recipient: rfc822;${reader}`,
        "Action: failed",
        `Status: ${answer.status}`,
        `X-Display-Name: ${reader}`,
        `Diagnostic-Code: smtp;${answer.code} ${answer.status} ${answer.words}`,
      ],
    }),
  },
  {
    server: "Gmail",
    subject: "Delivery Status Notification (Failure)",
    from: "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
    headers: ["Auto-Submitted: auto-replied", "X-Failed-Recipients: reader@example.net"],
    write: ({ reader }, answer) => ({
      text: `** Address not found **\n\nYour message wasn't delivered to ${reader}.\n\nThe response was:\n\n${answer.code} ${answer.status} ${answer.words}`,
      message: [
        "Reporting-MTA: dns; googlemail.example",
        "Arrival-Date: Fri, 20 Nov 2026 01:00:02 -0800 (PST)",
        "X-Original-Message-ID: <x@example.com>",
      ],
      recipient: [
        `Final-Recipient: rfc822; ${reader}`,
        "Action: failed",
        `Status: ${answer.status}`,
        "Remote-MTA: dns; mail.example.org. (192.0.2.9, the server for the domain example.org.)",
        `Diagnostic-Code: smtp; ${answer.code}-${answer.status} ${answer.words}. Please\n ${answer.code}-${answer.status} try checking the address\n ${answer.code} ${answer.status}  https://support.example/?p=NoSuchUser a1-2002 - gsmtp`,
        "Last-Attempt-Date: Fri, 20 Nov 2026 01:00:03 -0800 (PST)",
      ],
    }),
  },
  {
    server: "Yahoo",
    subject: "Failure Notice",
    from: "MAILER-DAEMON@yahoo.example",
    newline: "\n",
    write: ({ reader }, answer) => ({
      text: `Sorry, we were unable to deliver your message to the following address.\n\n<${reader}>:\n${answer.code}: ${answer.words}`,
      message: ["Reporting-MTA: dns; mta.yahoo.example"],
      recipient: [
        `Final-Recipient: rfc822; ${reader}`,
        "Action: failed",
        `Status: ${answer.status[0]}.0.0`,
        `Diagnostic-Code: smtp; ${answer.code} ${answer.status} delivery error: dd ${answer.words} [-5] - mta1001`,
      ],
    }),
  },
  {
    server: "Sendmail",
    subject: "Returned mail: see transcript for details",
    from: "Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example>",
    headers: ["Auto-Submitted: auto-generated (failure)"],
    original: "text/rfc822-headers",
    write: ({ reader }, answer) => ({
      text: `   ----- The following addresses had permanent fatal errors -----\n<${reader}>\n\n   ----- Transcript of session follows -----\n>>> RCPT To:<${reader}>\n<<< ${answer.code} ${answer.status} ${answer.words}`,
      message: [
        "Reporting-MTA: dns; sendmail.example",
        "Received-From-MTA: DNS; mail.example.com",
        "Arrival-Date: Fri, 20 Nov 2026 09:00:02 GMT",
      ],
      recipient: [
        `Final-Recipient: RFC822; ${reader}`,
        "Action: failed",
        `Status: ${answer.status}`,
        "Remote-MTA: DNS; mail.example.org",
        `Diagnostic-Code: SMTP; ${answer.code} ${answer.status} ${answer.words}`,
        "Last-Attempt-Date: Fri, 20 Nov 2026 09:00:03 GMT",
      ],
    }),
  },
  {
    server: "Amazon SES",
    subject: "Delivery Status Notification (Failure)",
    from: "MAILER-DAEMON@eu-west-1.amazonses.example",
    write: ({ reader }, answer) => ({
      text: `An error occurred while trying to deliver the mail to the following recipients:\n${reader}`,
      message: ["Reporting-MTA: dns; b224-1.smtp-out.eu-west-1.amazonses.example"],
      recipient: [
        "Action: failed",
        `Final-Recipient: rfc822; ${reader}`,
        `Diagnostic-Code: smtp; ${answer.code} ${answer.status} ${answer.words}`,
        `Status: ${answer.status}`,
      ],
    }),
  },
  {
    server: "Courier",
    subject: "NOTICE: mail delivery status.",
    from: '"courier.example" <postmaster@courier.example>',
    original: "none",
    write: ({ reader }, answer) => ({
      text: "UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:",
      message: [
        "Reporting-MTA: dns; courier.example",
        "Arrival-Date: Fri, 20 Nov 2026 09:00:02 +0000",
        "Received-From-MTA: dns; mail.example.com",
      ],
      recipient: [
        `Final-Recipient: rfc822; ${reader}`,
        "Action: Failed (delivery failed)",
        `Status: ${answer.status} (${answer.words})`,
        `Diagnostic-Code: smtp; ${answer.code} ${answer.status} ${answer.words}`,
      ],
    }),
  },
  {
    server: "a gateway without a diagnosis",
    subject: "Undeliverable",
    from: "postmaster@gateway.example",
    original: "none",
    write: ({ reader }, answer) => ({
      text: "Your message could not be delivered.",
      message: ["Reporting-MTA: dns;gateway.example"],
      recipient: [`Final-Recipient: rfc822;${reader}`, "Action: failed", `Status: ${answer.status}`],
    }),
  },
  {
    server: "iCloud",
    subject: "Undeliverable message",
    from: "Mail Delivery <postmaster@icloud.example>",
    headers: ["Auto-Submitted: auto-generated"],
    write: ({ reader }, answer) => ({
      text: "Your message could not be delivered to one or more recipients.",
      message: [
        "Original-envelope-id: 0",
        "Reporting-MTA: dns; p00-icloudmta.example",
        "Arrival-date: Fri, 20 Nov 2026 09:00:00 +0000",
      ],
      recipient: [
        `Original-recipient: rfc822;${reader}`,
        `Final-recipient: rfc822;${reader}`,
        "Action: failed",
        `Status: ${answer.status} (permanent failure)`,
        `Remote-MTA: dns;mail.example.org`,
        `Diagnostic-code: smtp;${answer.code} ${answer.status} ${answer.words}`,
      ],
    }),
  },
  {
    server: "Proofpoint",
    subject: "Delivery delayed or failed",
    from: "Mail Delivery Subsystem <MAILER-DAEMON@pphosted.example>",
    original: "text/rfc822-headers",
    write: ({ reader }, answer) => ({
      text: "The original message was received and could not be delivered.",
      message: ["Reporting-MTA: dns; mx0a.pphosted.example", "Received-From-MTA: DNS; mail.example.com"],
      // An alias with one more member, whose copy was taken.
      recipient: [
        `Final-Recipient: RFC822; other@example.net`,
        "Action: relayed",
        "Status: 2.0.0",
        "",
        `Final-Recipient: RFC822; ${reader}`,
        "Action: failed",
        `Status: ${answer.status}`,
        `Diagnostic-Code: SMTP; ${answer.code} ${answer.status} ${answer.words}`,
      ],
    }),
  },
];

const HEAD_OF_ISSUE = ({ returnPath, messageId, reader }: Subject) =>
  `Return-Path: <${returnPath}>\nReceived: from mail.example.com by mx.example.net; Fri, 20 Nov 2026 09:00:01 +0000\nFrom: The Gazette <weekly@example.com>\nTo: ${reader}\nSubject: Gazette 4\nMessage-ID: ${messageId}\nList-Id: The Gazette <weekly.example.com>`;

const crlf = (text: string) => text.replace(/\r?\n/g, "\r\n");

/** One multipart/report around its parts. */
export function reportOf(mail: {
  to: string;
  from: string;
  subject: string;
  reportType: string;
  parts: [type: string, body: string][];
  headers?: readonly string[];
}): string {
  const boundary = "=_report/4242.1";
  const head = [
    "Return-Path: <>",
    `From: ${mail.from}`,
    `To: ${mail.to}`,
    `Subject: ${mail.subject}`,
    "Date: Fri, 20 Nov 2026 09:00:05 +0000",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=${mail.reportType};\n boundary="${boundary}"`,
    ...(mail.headers ?? []),
  ];
  const parts = mail.parts.map(([type, body]) => `--${boundary}\nContent-Type: ${type}\n\n${body}\n`);
  return crlf(
    `${head.join("\n")}\n\nThis is a MIME-encapsulated message.\n\n${parts.join("\n")}\n--${boundary}--\n`,
  );
}

function statusReport(shape: Shape, subject: Subject, answer: Answer): string {
  const { text, message, recipient } = shape.write(subject, answer);
  const head = HEAD_OF_ISSUE(subject);
  const original: [string, string][] =
    shape.original === "none"
      ? []
      : shape.original === "text/rfc822-headers"
        ? [["text/rfc822-headers", head]]
        : [["message/rfc822", `${head}\n\nHello\n`]];
  const report = reportOf({
    to: subject.returnPath,
    from: shape.from,
    subject: shape.subject,
    reportType: "delivery-status",
    headers: shape.headers ?? [],
    parts: [
      ["text/plain; charset=utf-8", text],
      ["message/delivery-status", `${message.join("\n")}\n\n${recipient.join("\n")}\n`],
      ...original,
    ],
  });
  return shape.newline ? report.replace(/\r\n/g, shape.newline) : report;
}

function qmail({ returnPath, reader, ...subject }: Subject, { code, status, words }: Answer): string {
  return crlf(
    `Return-Path: <>\nFrom: MAILER-DAEMON@qmail.example\nTo: ${returnPath}\nSubject: failure notice\n\nHi. This is the qmail-send program at qmail.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<${reader}>:\n192.0.2.9 does not like recipient.\nRemote host said: ${code} ${words} (#${status})\nGiving up on 192.0.2.9.\n\n--- Below this line is a copy of the message.\n\n${HEAD_OF_ISSUE({ returnPath, reader, ...subject })}\n\nHello\n`,
  );
}

/** What Exim says below the address: of the host and its reply on one line, or of each on its own. */
type EximTold = (reader: string, reply: string) => string;
const onOneLine: EximTold = (reader, reply) =>
  `    SMTP error from remote mail server after RCPT TO:<${reader}>:\n    host mail.example.org [192.0.2.9]: ${reply}`;
const below =
  (host: string): EximTold =>
  (reader, reply) =>
    `    host ${host}\n    SMTP error from remote mail server after RCPT TO:<${reader}>:\n    ${reply}`;

function oldExim(
  { returnPath, reader, ...subject }: Subject,
  { code, status, words }: Answer,
  told = onOneLine,
): string {
  return crlf(
    `Return-Path: <>\nX-Failed-Recipients: ${reader}\nAuto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@old.example>\nTo: ${returnPath}\nSubject: Mail delivery failed: returning message to sender\n\nThis message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ${reader}\n${told(reader, `${code} ${status} ${words}`)}\n\n------ This is a copy of the message, including all the headers. ------\n\n${HEAD_OF_ISSUE({ returnPath, reader, ...subject })}\n\nHello\n`,
  );
}

/** Addresses of readers and hosts with digits in them that could be taken for a reply's. */
const EXIM_DIGITS: readonly [name: string, reader: string, told: EximTold][] = [
  ["a code in the reader's address", "joe512@example.net", onOneLine],
  ["a code in the host's IPv6 address", "anna@example.net", below("mx.example.org [2001:db8:1450:4013::1a]")],
  ["a status in the host's IPv4 address", "anna@example.net", below("mx.example.org [74.125.136.26]")],
];

const LOOPS = ["yahoo.example", "outlook.example", "comcast.example", "fastmail.example", "laposte.example"];
const COMPLAINT_TYPES = ["abuse", "fraud", "opt-out", "other"];

/** What the loop quotes of the mail: everything, no return address, or nothing but headers. */
const QUOTES: readonly ((subject: Subject) => { fields: string[]; original: [string, string] })[] = [
  (subject) => ({
    fields: [`Original-Mail-From: <${subject.returnPath}>`, `Original-Rcpt-To: ${subject.reader}`],
    original: ["message/rfc822", `${HEAD_OF_ISSUE(subject)}\n\nHello`],
  }),
  (subject) => ({
    fields: ["Original-Rcpt-To: redacted"],
    original: [
      "message/rfc822",
      `From: The Gazette <weekly@example.com>\nTo: redacted\nMessage-ID: ${subject.messageId}\n\nHello`,
    ],
  }),
  (subject) => ({
    fields: [],
    original: [
      "text/rfc822-headers",
      `Return-Path: <${subject.returnPath}>\nFrom: weekly@example.com\nSubject: Gazette 4`,
    ],
  }),
];

export function complaintReport(mail: {
  to: string;
  from: string;
  type: string;
  fields: readonly string[];
  original: [string, string];
}): string {
  return reportOf({
    to: mail.to,
    from: mail.from,
    subject: "FW: Gazette 4",
    reportType: "feedback-report",
    parts: [
      ["text/plain", "This is an email abuse report for an email message received from IP 192.0.2.1."],
      [
        "message/feedback-report",
        [
          `Feedback-Type: ${mail.type}`,
          "User-Agent: Feedback/1.0",
          "Version: 1",
          ...mail.fields,
          "Source-IP: 192.0.2.1",
        ].join("\n"),
      ],
      mail.original,
    ],
  });
}

/** About two hundred; each about the subject that `subjectOf` gives for its number. */
export function corpus(subjectOf: (index: number) => Subject, complaints: string): Sample[] {
  const samples: Sample[] = [];
  const add = (name: string, write: (subject: Subject) => Omit<Sample, "name">) =>
    samples.push({ name, ...write(subjectOf(samples.length)) });
  for (const answer of ANSWERS) {
    const { status, expect } = answer;
    for (const shape of SHAPES) {
      add(`${shape.server} ${status}`, (subject) => ({
        to: subject.returnPath,
        source: statusReport(shape, subject, answer),
        expect,
      }));
    }
    add(`qmail ${status}`, (subject) => ({ to: subject.returnPath, source: qmail(subject, answer), expect }));
    add(`old Exim ${status}`, (subject) => ({
      to: subject.returnPath,
      source: oldExim(subject, answer),
      expect,
    }));
  }
  for (const [name, reader, told] of EXIM_DIGITS) {
    const answer = { code: 550, status: "5.1.1", words: "no such user", expect: "HARD" } as const;
    add(`old Exim, ${name}`, (subject) => ({
      to: subject.returnPath,
      source: oldExim({ ...subject, reader }, answer, told),
      expect: answer.expect,
    }));
  }
  for (const [index, loop] of LOOPS.entries()) {
    for (const [at, quote] of QUOTES.entries()) {
      const type = COMPLAINT_TYPES[(index + at) % COMPLAINT_TYPES.length] ?? "abuse";
      add(`a complaint by ${loop}, quoted ${at}`, (subject) => ({
        to: complaints,
        source: complaintReport({ to: complaints, from: `feedback@${loop}`, type, ...quote(subject) }),
        expect: "COMPLAINT",
      }));
    }
  }
  for (const action of ["delayed", "delivered", "relayed", "expanded"]) {
    const shape = SHAPES[0];
    if (!shape) continue;
    add(`a note that it was ${action}`, (subject) => ({
      to: subject.returnPath,
      source: statusReport(
        {
          ...shape,
          write: (who, answer) => ({
            ...shape.write(who, answer),
            recipient: [
              `Final-Recipient: rfc822; ${who.reader}`,
              `Action: ${action}`,
              `Status: ${action === "delayed" ? "4.4.1" : "2.0.0"}`,
            ],
          }),
        },
        subject,
        { code: 450, status: "4.4.1", words: "not yet", expect: "SOFT" },
      ),
      expect: "nothing",
    }));
  }
  return [...samples, ...notReports(subjectOf, samples.length, complaints)];
}

/** What comes to such addresses without being a report, and must change nothing. */
function notReports(subjectOf: (index: number) => Subject, from: number, complaints: string): Sample[] {
  const plain: [name: string, headers: string[], text: string][] = [
    [
      "an out-of-office reply",
      ["Auto-Submitted: auto-replied", "Subject: Out of office"],
      "I am away. 550 5.1.1 is my desk.",
    ],
    [
      "a vacation reply of an old program",
      ["Precedence: bulk", "Subject: Away from my mail"],
      "I will be back on Monday.",
    ],
    [
      "an Exchange reply",
      ["X-Auto-Response-Suppress: All", "Auto-Submitted: auto-generated", "Subject: Automatic reply"],
      "Thank you for your mail.",
    ],
    ["a challenge", ["Subject: Please confirm that you are a person"], "Press the link to reach me."],
    [
      "a person's answer",
      ["Subject: Re: Gazette 4", "From: reader@example.net"],
      "Hi. I read that user unknown means 550 5.1.1.",
    ],
    ["an empty mail", ["Subject: "], ""],
  ];
  const samples = plain.map(([name, headers, text], index) => {
    const subject = subjectOf(from + index);
    return {
      name,
      to: subject.returnPath,
      source: crlf(
        `${["From: someone@example.net", `To: ${subject.returnPath}`, ...headers].join("\n")}\n\n${text}\n`,
      ),
      expect: "nothing" as const,
    };
  });
  const readReceipt = subjectOf(from + plain.length);
  const notSpam = subjectOf(from + plain.length + 1);
  return [
    ...samples,
    {
      name: "a read receipt",
      to: readReceipt.returnPath,
      source: reportOf({
        to: readReceipt.returnPath,
        from: readReceipt.reader,
        subject: "Read: Gazette 4",
        reportType: "disposition-notification",
        parts: [
          ["text/plain", "It was displayed."],
          [
            "message/disposition-notification",
            `Final-Recipient: rfc822;${readReceipt.reader}\nDisposition: manual-action/MDN-sent-manually; displayed`,
          ],
        ],
      }),
      expect: "nothing",
    },
    {
      name: "a report that it is no spam",
      to: complaints,
      source: complaintReport({
        to: complaints,
        from: "feedback@yahoo.example",
        type: "not-spam",
        fields: [`Original-Mail-From: <${notSpam.returnPath}>`],
        original: ["text/rfc822-headers", HEAD_OF_ISSUE(notSpam)],
      }),
      expect: "nothing",
    },
  ];
}

/** Fifty that somebody made up to end a reader's mail, without having seen one: none may count. */
export function forgeries(
  victim: Subject,
  complaints: string,
): { name: string; to: string; source: string }[] {
  const [id, mark] = /b\+(\d+)\.([a-z2-7]+)@/.exec(victim.returnPath)?.slice(1) ?? ["", ""];
  const domain = victim.returnPath.slice(victim.returnPath.indexOf("@") + 1);
  const guesses = [
    `b+${id}@${domain}`,
    `b+${id}.@${domain}`,
    `b+${id}.aaaaaaaaaa@${domain}`,
    `b+${id}.${[...(mark ?? "")].reverse().join("")}x@${domain}`,
    `b+${id}.${mark?.slice(1)}@${domain}`,
    `b+${id}.${mark}2@${domain}`,
    `b+0${id}.${mark}@${domain}`,
    `b+${Number(id) + 100_000}.${mark}@${domain}`,
    `b+${id}.${mark}@example.com`,
    `b+${id}.${mark}@${domain}.evil.example`,
    `x+${id}.${mark}@${domain}`,
    `b-${id}.${mark}@${domain}`,
    complaints,
    victim.reader,
    "weekly@example.com",
    `postmaster@${domain}`,
  ];
  const answer = ANSWERS[0];
  const shapes = SHAPES.slice(0, 2);
  if (!answer) return [];
  const status = guesses.flatMap((to) =>
    shapes.map((shape) => ({
      name: `${shape.server} to ${to}`,
      to,
      // All but the address it comes to is right: who it is about, the quoted mail, the return address in it.
      source: statusReport(shape, victim, answer),
    })),
  );
  const quoted: [name: string, fields: string[], original: string][] = [
    ["names the reader alone", [`Original-Rcpt-To: ${victim.reader}`], `To: ${victim.reader}`],
    ["names no mail", [], ""],
    [
      "guesses a Message-ID",
      [],
      `Message-ID: <${victim.messageId.slice(1, 12)}.00000000000000000000@example.com>`,
    ],
    ["cuts a Message-ID short", [], `Message-ID: ${victim.messageId.slice(0, -4)}>`],
    ["has a pattern for a Message-ID", [], "Message-ID: <%>"],
    [
      "has a control character in its Message-ID",
      [],
      `Message-ID: <${victim.messageId.slice(1, 12)}\0@example.com>`,
    ],
    ["has a huge Message-ID", [], `Message-ID: <${"a".repeat(5_000)}>`],
    ...guesses
      .slice(0, 12)
      .map((guess): [string, string[], string] => [
        `guesses ${guess}`,
        [`Original-Mail-From: <${guess}>`],
        `Return-Path: <${guess}>`,
      ]),
  ];
  const complained = quoted.map(([name, fields, head]) => ({
    name: `a complaint that ${name}`,
    to: complaints,
    source: complaintReport({
      to: complaints,
      from: "feedback@yahoo.example",
      type: "abuse",
      fields,
      original: ["message/rfc822", `${head}\nFrom: weekly@example.com\n\nHello`],
    }),
  }));
  return [...status, ...complained];
}
