import { Button, QuietLink } from "../layout";
import { Aside, Heading, type NoticeFrame, type NoticeTemplate, Terms, Words } from "../notice";

export type TrialProps = {
  /** A moment as a reader sees it. */
  firstChargeAt: string;
  /** Such as `$3 a month`. */
  priceLabel: string;
  cancelUrl: string;
};

const reason = (_data: TrialProps, { publication }: NoticeFrame) =>
  `You get this because you took a trial membership of ${publication.name}. Mail about charges comes with it.`;

const terms = (data: TrialProps) =>
  [
    ["The trial ends", data.firstChargeAt],
    ["Until then", "nothing to pay"],
    ["First charge", data.firstChargeAt],
    ["Price", data.priceLabel],
  ] as const;

/** Comes at once: with a week's trial this is the reminder that card networks want seven days ahead (Visa, 2020). */
export const trialStarted: NoticeTemplate<TrialProps> = {
  subject: (_data, { publication }) => `Your trial of ${publication.name} has begun`,
  preheader: (data) => `Everything is open. The first charge would come on ${data.firstChargeAt}.`,
  reason,
  Body: ({ data, frame }) => (
    <>
      <Heading>Everything is open to you</Heading>
      <Words>
        You can read every issue of {frame.publication.name} to the end, and the whole archive. These are the
        terms:
      </Words>
      <Terms rows={terms(data)} />
      <Words>
        If you cancel before the first charge, you pay nothing. You will be reminded a few days before.
      </Words>
      <Button href={frame.publication.url} look={frame.look}>
        Start reading
      </Button>
      <Aside>
        <QuietLink href={data.cancelUrl}>Cancel in two clicks</QuietLink>, at any time, without signing in.
      </Aside>
    </>
  ),
  text: (data, { publication }) => `Everything is open to you

You can read every issue of ${publication.name} to the end, and the whole
archive: ${publication.url}

The trial ends: ${data.firstChargeAt}
Until then: nothing to pay
First charge: ${data.firstChargeAt}
Price: ${data.priceLabel}

If you cancel before the first charge, you pay nothing. You will be reminded
a few days before. Cancel in two clicks, without signing in:
${data.cancelUrl}`,
};

export const trialEnding: NoticeTemplate<TrialProps> = {
  subject: (_data, { publication }) => `Your trial of ${publication.name} ends soon`,
  preheader: (data) => `The first charge comes on ${data.firstChargeAt}, unless you cancel before.`,
  reason,
  Body: ({ data, frame }) => (
    <>
      <Heading>Your trial ends soon</Heading>
      <Words>
        If you want to go on reading, there is nothing to do. If not, cancel before the first charge:
      </Words>
      <Terms rows={terms(data)} />
      <Button href={data.cancelUrl} look={frame.look}>
        Keep or cancel my membership
      </Button>
      <Aside>It goes on like that, on the same day, until you cancel.</Aside>
    </>
  ),
  text: (data) => `Your trial ends soon

If you want to go on reading, there is nothing to do. If not, cancel before
the first charge.

The trial ends: ${data.firstChargeAt}
Until then: nothing to pay
First charge: ${data.firstChargeAt}
Price: ${data.priceLabel}

Keep or cancel, without signing in: ${data.cancelUrl}

It goes on like that, on the same day, until you cancel.`,
};
