import { Button, QuietLink } from "../layout";
import { Aside, Heading, type NoticeTemplate, Words } from "../notice";
import { INK, LINE, SANS, SERIF, SOFT } from "../style";

export type WelcomeProps = {
  /** The newest issue, with words that anybody may read; null before the first. */
  latest: { title: string; excerpt: string; url: string; date: string } | null;
  /** When mail usually comes, such as `Friday`. */
  weekday: string;
  /** Opens the page that ends the mail. */
  unsubscribeUrl: string;
};

/** The first mail after confirming, with something to read. */
export const welcome: NoticeTemplate<WelcomeProps> = {
  subject: (_data, { publication }) => `Welcome to ${publication.name}`,
  preheader: (data) => (data.latest ? `To begin with: ${data.latest.title}` : `See you on ${data.weekday}.`),
  reason: (_data, { publication }) =>
    `You get this because you confirmed your subscription to ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Welcome</Heading>
      <Words>
        Your subscription to {frame.publication.name} is confirmed. A new issue comes on {data.weekday}s.
        {data.latest ? " Until then, here is the latest:" : ""}
      </Words>
      {data.latest && <Latest latest={data.latest} />}
      {data.latest && (
        <Button href={data.latest.url} look={frame.look}>
          Read it now
        </Button>
      )}
      <Aside>
        Answer this mail to say hello. To stop the mail at any time,{" "}
        <QuietLink href={data.unsubscribeUrl}>unsubscribe</QuietLink>.
      </Aside>
    </>
  ),
  text: (data, { publication }) =>
    [
      "Welcome",
      `Your subscription to ${publication.name} is confirmed.\nA new issue comes on ${data.weekday}s.${data.latest ? " Until then, here is the latest:" : ""}`,
      ...(data.latest
        ? [`${data.latest.title}\n${data.latest.date}`, data.latest.excerpt, data.latest.url]
        : []),
      `Answer this mail to say hello. To stop the mail at any time:\n${data.unsubscribeUrl}`,
    ].join("\n\n"),
};

function Latest({ latest }: { latest: NonNullable<WelcomeProps["latest"]> }) {
  return (
    <div
      className="e-line"
      style={{ margin: "0 0 20px", padding: "2px 0 2px 18px", borderLeft: `3px solid ${LINE}` }}
    >
      <p
        style={{ margin: "0 0 4px", fontFamily: SERIF, fontSize: "21px", lineHeight: "1.3", fontWeight: 600 }}
      >
        <a className="e-ink" href={latest.url} style={{ color: INK, textDecoration: "none" }}>
          {latest.title}
        </a>
      </p>
      <p className="e-soft" style={{ margin: "0 0 8px", fontFamily: SANS, fontSize: "13px", color: SOFT }}>
        {latest.date}
      </p>
      {latest.excerpt && (
        <p
          className="e-ink"
          style={{ margin: 0, fontFamily: SERIF, fontSize: "17px", lineHeight: "1.55", color: INK }}
        >
          {latest.excerpt}
        </p>
      )}
    </div>
  );
}
