import type { CSSProperties, ReactNode } from "react";
import { FOOT, INK, LAYOUT_STYLE, LINE, type Look, PAPER, SANS, SOFT } from "./style";

export type LayoutProps = {
  /** BCP 47. */
  language: string;
  title: string;
  /** What an inbox shows after the subject. */
  preheader: string;
  publication: { name: string; url: string; postalAddress: string };
  /** More rules for the style element, such as those of an issue's body. */
  style?: string;
  footer: ReactNode;
  children: ReactNode;
};

/** The frame of every mail: one column of at most 600 px that works without pictures and without style sheets. */
export function Layout(props: LayoutProps) {
  const { publication } = props;
  return (
    <html lang={props.language} dir="ltr">
      {/* biome-ignore lint/style/noHeadElement: a mail is a document of its own, no page of the site */}
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{props.title}</title>
        <style>{`:root{color-scheme:light dark}${LAYOUT_STYLE}${props.style ?? ""}`}</style>
      </head>
      <body className="e-paper" style={{ margin: 0, padding: 0, background: PAPER }}>
        <div style={HIDDEN}>{props.preheader}</div>
        <table
          role="presentation"
          width="100%"
          cellPadding={0}
          cellSpacing={0}
          border={0}
          className="e-paper"
        >
          <tbody>
            <tr>
              <td align="center" style={{ padding: "0" }}>
                <table
                  role="presentation"
                  width="100%"
                  cellPadding={0}
                  cellSpacing={0}
                  border={0}
                  style={COLUMN}
                >
                  <tbody>
                    <tr>
                      <td className="e-edge" style={{ padding: "28px 24px 40px" }}>
                        <p className="e-line" style={MASTHEAD}>
                          <a
                            className="e-ink"
                            href={publication.url}
                            style={{ color: INK, textDecoration: "none" }}
                          >
                            {publication.name}
                          </a>
                        </p>
                        {props.children}
                        <div className="e-line" style={FOOTER}>
                          {props.footer}
                          <p className="e-soft" style={{ ...FOOT, margin: 0 }}>
                            {senderLines(publication).join(" · ")}
                          </p>
                        </div>
                      </td>
                    </tr>
                  </tbody>
                </table>
              </td>
            </tr>
          </tbody>
        </table>
      </body>
    </html>
  );
}

/** Who sends and whence; an address that begins with the name says it already. */
export function senderLines({ name, postalAddress }: { name: string; postalAddress: string }): string[] {
  return postalAddress.toLowerCase().startsWith(name.toLowerCase()) ? [postalAddress] : [name, postalAddress];
}

const COLUMN: CSSProperties = { maxWidth: "600px", margin: "0 auto", textAlign: "left" };
const HIDDEN: CSSProperties = {
  display: "none",
  overflow: "hidden",
  lineHeight: "1px",
  opacity: 0,
  maxHeight: 0,
  maxWidth: 0,
};
const MASTHEAD: CSSProperties = {
  margin: "0 0 28px",
  paddingBottom: "12px",
  borderBottom: `1px solid ${LINE}`,
  fontFamily: SANS,
  fontSize: "14px",
  fontWeight: 600,
  letterSpacing: "0.02em",
  color: INK,
};
const FOOTER: CSSProperties = {
  marginTop: "40px",
  paddingTop: "20px",
  borderTop: `1px solid ${LINE}`,
  color: SOFT,
};

/** A button that stays one in every client: the cell carries the colour, the link fills it. */
export function Button({ href, look, children }: { href: string; look: Look; children: ReactNode }) {
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} border={0} style={{ margin: "4px 0 22px" }}>
      <tbody>
        <tr>
          <td align="center" style={{ backgroundColor: look.accent, borderRadius: "6px" }}>
            <a
              href={href}
              style={{
                display: "inline-block",
                padding: "13px 24px",
                border: `1px solid ${look.accent}`,
                borderRadius: "6px",
                background: look.accent,
                fontFamily: SANS,
                fontSize: "16px",
                lineHeight: "1.25",
                fontWeight: 600,
                color: look.accentInk,
                textDecoration: "none",
              }}
            >
              {children}
            </a>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** A link within quiet words, in their colour. */
export function QuietLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a className="e-soft" href={href} style={{ color: SOFT, textDecoration: "underline" }}>
      {children}
    </a>
  );
}
