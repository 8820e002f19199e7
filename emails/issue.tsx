import type { CSSProperties, ReactNode } from "react";
import { Layout, QuietLink, senderLines } from "./layout";
import { FOOT, INK, type Look, SANS, SERIF, SOFT } from "./style";
import { Wall, type WallProps, wallText } from "./wall";

export type IssueMailProps = {
  language: string;
  look: Look;
  publication: { name: string; url: string; postalAddress: string; authorName: string };
  title: string;
  subtitle: string;
  preheader: string;
  /** Such as `Gazette 12`; null for an issue without a number. */
  folio: string | null;
  /** As a reader sees it. */
  date: string;
  webUrl: string;
  accountUrl: string;
  unsubscribeUrl: string;
  /** What this reader has: free, on trial until, renews on, ends on. */
  statusLine: string;
  /** The part of the issue that this mail may show, drawn. */
  body: ReactNode;
  bodyStyle: string;
  /** Null where nothing was held back. */
  wall: WallProps | null;
};

/** An issue as mail. */
export function IssueMail(props: IssueMailProps) {
  const { publication } = props;
  return (
    <Layout
      language={props.language}
      title={props.title}
      preheader={props.preheader}
      publication={publication}
      style={props.bodyStyle}
      footer={<IssueFooter {...props} />}
    >
      {props.folio && (
        <p className="e-soft" style={FOLIO}>
          {props.folio}
        </p>
      )}
      <h1 className="e-ink e-title" style={TITLE}>
        <a className="e-ink" href={props.webUrl} style={{ color: INK, textDecoration: "none" }}>
          {props.title}
        </a>
      </h1>
      {props.subtitle && (
        <p className="e-soft" style={SUBTITLE}>
          {props.subtitle}
        </p>
      )}
      <p className="e-soft" style={BYLINE}>
        {publication.authorName} · {props.date} · <QuietLink href={props.webUrl}>Read on the web</QuietLink>
      </p>
      {props.body}
      {props.wall && <Wall {...props.wall} look={props.look} />}
    </Layout>
  );
}

function IssueFooter(props: IssueMailProps) {
  return (
    <>
      <p className="e-soft" style={FOOT}>
        {props.statusLine}
      </p>
      <p className="e-soft" style={FOOT}>
        You get this because you subscribed to {props.publication.name} and confirmed your address.{" "}
        <QuietLink href={props.unsubscribeUrl}>Unsubscribe</QuietLink> ·{" "}
        <QuietLink href={props.accountUrl}>Your account</QuietLink>
      </p>
    </>
  );
}

export type IssueTextProps = Omit<IssueMailProps, "body" | "bodyStyle" | "look"> & { bodyText: string };

/** The text part of the same mail. */
export function issueText(props: IssueTextProps): string {
  const { publication } = props;
  const head = [props.folio, props.title, props.subtitle].filter(Boolean).join("\n");
  return [
    head,
    `${publication.authorName}, ${props.date}\nRead on the web: ${props.webUrl}`,
    RULE,
    props.bodyText,
    props.wall ? wallText(props.wall) : "",
    RULE,
    props.statusLine,
    `You get this because you subscribed to ${publication.name} and confirmed\nyour address.`,
    `Unsubscribe: ${props.unsubscribeUrl}\nYour account: ${props.accountUrl}`,
    senderLines(publication).join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

const RULE = "-".repeat(40);
const FOLIO: CSSProperties = {
  margin: "0 0 8px",
  fontFamily: SANS,
  fontSize: "13px",
  letterSpacing: "0.06em",
  textTransform: "uppercase",
  color: SOFT,
};
const TITLE: CSSProperties = {
  margin: "0 0 10px",
  fontFamily: SERIF,
  fontSize: "32px",
  lineHeight: "1.2",
  fontWeight: 600,
  color: INK,
};
const SUBTITLE: CSSProperties = {
  margin: "0 0 14px",
  fontFamily: SERIF,
  fontSize: "19px",
  lineHeight: "1.45",
  color: SOFT,
};
const BYLINE: CSSProperties = {
  margin: "0 0 30px",
  fontFamily: SANS,
  fontSize: "14px",
  lineHeight: "1.5",
  color: SOFT,
};
