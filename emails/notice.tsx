import type { ReactNode } from "react";
import { Layout, senderLines } from "./layout";
import { FOOT, INK, LINE, type Look, PROSE, QUIET, SANS, SERIF, SOFT } from "./style";

/** What every notice knows of the publication. */
export type NoticeFrame = {
  publication: { name: string; url: string; postalAddress: string; authorName: string };
  look: Look;
  accountUrl: string;
};

/** One notice: both its parts say the same. `reason` tells the reader why it came. */
export type NoticeTemplate<Props> = {
  subject(props: Props, frame: NoticeFrame): string;
  preheader(props: Props, frame: NoticeFrame): string;
  reason(props: Props, frame: NoticeFrame): string;
  Body(props: { data: Props; frame: NoticeFrame }): ReactNode;
  text(props: Props, frame: NoticeFrame): string;
};

/** A whole notice as React, ready to be rendered. */
export function drawNotice<Props>(
  template: NoticeTemplate<Props>,
  data: Props,
  frame: NoticeFrame,
): ReactNode {
  return (
    <Layout
      language="en"
      title={template.subject(data, frame)}
      preheader={template.preheader(data, frame)}
      publication={frame.publication}
      footer={
        <p className="e-soft" style={FOOT}>
          {template.reason(data, frame)}
        </p>
      }
    >
      <template.Body data={data} frame={frame} />
    </Layout>
  );
}

export function noticeText<Props>(template: NoticeTemplate<Props>, data: Props, frame: NoticeFrame): string {
  const words = template.text(data, frame).trim();
  return `${words}\n\n--\n${template.reason(data, frame)}\n${senderLines(frame.publication).join("\n")}\n`;
}

export function Heading({ children }: { children: ReactNode }) {
  return (
    <h1
      className="e-ink e-title"
      style={{
        margin: "0 0 16px",
        fontFamily: SERIF,
        fontSize: "28px",
        lineHeight: "1.25",
        fontWeight: 600,
        color: INK,
      }}
    >
      {children}
    </h1>
  );
}

export function Words({ children }: { children: ReactNode }) {
  return (
    <p className="e-ink" style={PROSE}>
      {children}
    </p>
  );
}

export function Aside({ children }: { children: ReactNode }) {
  return (
    <p className="e-soft" style={QUIET}>
      {children}
    </p>
  );
}

/** An address in full, for whoever cannot press the button. */
export function PlainAddress({ href }: { href: string }) {
  return (
    <p className="e-soft" style={{ ...QUIET, wordBreak: "break-all" }}>
      If the button does not work, open this address: <br />
      <a className="e-soft" href={href} style={{ color: SOFT }}>
        {href}
      </a>
    </p>
  );
}

/** Pairs of a name and a value, such as the terms of a charge. */
export function Terms({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <table
      role="presentation"
      width="100%"
      cellPadding={0}
      cellSpacing={0}
      border={0}
      className="e-line"
      style={{ margin: "0 0 22px", borderBottom: `1px solid ${LINE}` }}
    >
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <td className="e-soft e-line" style={{ ...CELL, width: "38%", color: SOFT }}>
              {name}
            </td>
            <td className="e-ink e-line" style={{ ...CELL, color: INK, fontWeight: 600 }}>
              {value}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const CELL = {
  padding: "10px 12px 10px 0",
  borderTop: `1px solid ${LINE}`,
  fontFamily: SANS,
  fontSize: "15px",
  lineHeight: "1.4",
  verticalAlign: "top",
} as const;
