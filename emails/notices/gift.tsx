import { Button, QuietLink } from "../layout";
import { Aside, Heading, type NoticeFrame, type NoticeTemplate, PlainAddress, Terms, Words } from "../notice";
import { LINE } from "../style";

const monthsInWords = (months: number) => (months === 12 ? "a year" : `${months} months`);

export const giftReceipt: NoticeTemplate<{
  amountLabel: string;
  months: number;
  giftUrl: string;
  /** Whom we mailed the gift to; null where the buyer passes it on. */
  mailedTo: string | null;
  receiptUrl: string | null;
}> = {
  subject: (data, { publication }) => `Receipt: ${data.amountLabel} for a gift of ${publication.name}`,
  preheader: (data) =>
    data.mailedTo ? `It is on its way to ${data.mailedTo}.` : "Here is the link to pass on.",
  reason: (_data, { publication }) =>
    `You get this because this address was given while buying a gift membership of ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Thank you for the gift</Heading>
      <Terms rows={receiptRows(data, frame)} />
      <Words>
        {data.mailedTo
          ? `We have mailed it to ${data.mailedTo}. Should it get lost on the way, pass on this link yourself:`
          : "Pass on this link to the person it is for, by mail, on a card, as you like:"}
      </Words>
      <p className="e-ink" style={{ wordBreak: "break-all" }}>
        <a className="e-ink" href={data.giftUrl}>
          {data.giftUrl}
        </a>
      </p>
      <Aside>
        Whoever opens it first can redeem it, once. It does not run out before that.
        {data.receiptUrl && (
          <>
            {" "}
            <QuietLink href={data.receiptUrl}>The receipt of the card payment</QuietLink>.
          </>
        )}
      </Aside>
    </>
  ),
  text: (data, frame) =>
    [
      "Thank you for the gift",
      receiptRows(data, frame)
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n"),
      data.mailedTo
        ? `We have mailed it to ${data.mailedTo}. Should it get lost on the way, pass\non this link yourself:`
        : "Pass on this link to the person it is for:",
      data.giftUrl,
      "Whoever opens it first can redeem it, once. It does not run out before that.",
      ...(data.receiptUrl ? [`The receipt of the card payment: ${data.receiptUrl}`] : []),
    ].join("\n\n"),
};

function receiptRows(
  data: { amountLabel: string; months: number },
  { publication }: NoticeFrame,
): [string, string][] {
  return [
    ["Paid", `${data.amountLabel}, once`],
    ["For", `${monthsInWords(data.months)} of membership of ${publication.name}`],
  ];
}

export const giftReceived: NoticeTemplate<{
  months: number;
  giftUrl: string;
  from: string | null;
  name: string;
  message: string;
}> = {
  subject: (data, { publication }) => `A gift for you: ${monthsInWords(data.months)} of ${publication.name}`,
  preheader: (data) => `${data.from ? `From ${data.from}. ` : ""}Nothing to pay, now or later.`,
  reason: (_data, { publication }) =>
    `You get this one mail because somebody bought you a membership of ${publication.name} and gave us this address.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>{data.name ? `${data.name}, a gift for you` : "A gift for you"}</Heading>
      <Words>
        {data.from ?? "Somebody"} gives you {monthsInWords(data.months)} of membership of{" "}
        {frame.publication.name} by {frame.publication.authorName}: every issue to the end, and the whole
        archive.
      </Words>
      {data.message && (
        <div
          className="e-line"
          style={{ margin: "0 0 20px", padding: "2px 0 2px 18px", borderLeft: `3px solid ${LINE}` }}
        >
          {data.message.split("\n").map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name
            <Words key={at}>{line}</Words>
          ))}
        </div>
      )}
      <Button href={data.giftUrl} look={frame.look}>
        Open the gift
      </Button>
      <Aside>
        There is nothing to pay, now or later: it ends by itself. Redeem it when you like, it does not run
        out.
      </Aside>
      <PlainAddress href={data.giftUrl} />
    </>
  ),
  text: (data, { publication }) =>
    [
      data.name ? `${data.name}, a gift for you` : "A gift for you",
      `${data.from ?? "Somebody"} gives you ${monthsInWords(data.months)} of membership of\n${publication.name} by ${publication.authorName}: every issue to the end, and the\nwhole archive.`,
      ...(data.message ? [data.message.replace(/^/gm, "> ")] : []),
      `Open the gift: ${data.giftUrl}`,
      "There is nothing to pay, now or later: it ends by itself. Redeem it when you\nlike, it does not run out.",
    ].join("\n\n"),
};

export const giftRedeemed: NoticeTemplate<{ months: number; endsAt: string }> = {
  subject: (_data, { publication }) => `Your gift of ${publication.name} has begun`,
  preheader: (data) => `Everything is open until ${data.endsAt}.`,
  reason: (_data, { publication }) => `You get this because you redeemed a gift of ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Everything is open to you</Heading>
      <Words>
        You can read every issue of {frame.publication.name} to the end, and the whole archive, until{" "}
        {data.endsAt}. Nothing is charged, and it ends by itself: a week before, you get a mail.
      </Words>
      <Button href={frame.publication.url} look={frame.look}>
        Start reading
      </Button>
    </>
  ),
  text: (data, { publication }) => `Everything is open to you

You can read every issue of ${publication.name} to the end, and the whole
archive, until ${data.endsAt}.

Nothing is charged, and it ends by itself: a week before, you get a mail.

Start reading: ${publication.url}`,
};

type Offer = { trialDays: number; priceLabel: string; joinUrl: string };

function offerInWords({ trialDays, priceLabel }: Offer): string {
  if (trialDays === 0) return `Membership costs ${priceLabel}, and you can leave at any time.`;
  const days = trialDays === 1 ? "first day is" : `first ${trialDays} days are`;
  return `The ${days} free, then it costs ${priceLabel}. You can leave at any time.`;
}

const receiverReason = (_data: unknown, { publication }: NoticeFrame) =>
  `You get this because you read ${publication.name} through a gift.`;

export const giftEnding: NoticeTemplate<{ endsAt: string; offer: Offer }> = {
  subject: (_data, { publication }) => `Your gift of ${publication.name} ends soon`,
  preheader: (data) => `Everything is open until ${data.endsAt}. Nothing will be charged.`,
  reason: receiverReason,
  Body: ({ data, frame }) => (
    <>
      <Heading>Your gift ends soon</Heading>
      <Words>
        Everything is open to you until {data.endsAt}. Then it ends by itself, and nothing is charged. The
        free part of each issue still comes.
      </Words>
      <Words>
        If you want to read on without a gap, take a membership now: it costs {data.offer.priceLabel}, and the
        first charge comes when the gift ends. You can leave at any time.
      </Words>
      <Button href={data.offer.joinUrl} look={frame.look}>
        Go on after the gift
      </Button>
      <Aside>Or do nothing: you get one more mail when it has ended.</Aside>
    </>
  ),
  text: (data) => `Your gift ends soon

Everything is open to you until ${data.endsAt}.
Then it ends by itself, and nothing is charged. The free part of each issue
still comes.

If you want to read on without a gap, take a membership now: it costs
${data.offer.priceLabel}, and the first charge comes when the gift ends. You can
leave at any time.

${data.offer.joinUrl}

Or do nothing: you get one more mail when it has ended.`,
};

export const giftEnded: NoticeTemplate<{ offer: Offer }> = {
  subject: (_data, { publication }) => `Your gift of ${publication.name} has ended`,
  preheader: (data) => offerInWords(data.offer),
  reason: receiverReason,
  Body: ({ data, frame }) => (
    <>
      <Heading>Your gift has ended</Heading>
      <Words>Nothing was charged, and nothing will be. The free part of each issue still comes to you.</Words>
      <Words>If you want to read on: {offerInWords(data.offer)}</Words>
      <Button href={data.offer.joinUrl} look={frame.look}>
        Become a member
      </Button>
    </>
  ),
  text: (data) => `Your gift has ended

Nothing was charged, and nothing will be. The free part of each issue still
comes to you.

If you want to read on: ${offerInWords(data.offer)}

Become a member: ${data.offer.joinUrl}`,
};
