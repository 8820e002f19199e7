import { Button, QuietLink } from "../layout";
import { Aside, Heading, type NoticeFrame, type NoticeTemplate, Terms, Words } from "../notice";
import type { TrialProps } from "./trial";

const reason = (_data: TrialProps, { publication }: NoticeFrame) =>
  `You get this because you took a membership of ${publication.name}. Mail about charges comes with it.`;

const terms = (data: TrialProps) =>
  [
    ["Until then", "everything is open, and nothing to pay"],
    ["First charge", data.firstChargeAt],
    ["Price", data.priceLabel],
  ] as const;

/** Somebody who reads for free gave a card for what comes after. */
export const laterStarted: NoticeTemplate<TrialProps> = {
  subject: (_data, { publication }) => `Your membership of ${publication.name} goes on`,
  preheader: (data) => `Nothing is charged now. The first charge would come on ${data.firstChargeAt}.`,
  reason,
  Body: ({ data, frame }) => (
    <>
      <Heading>You read on without a gap</Heading>
      <Words>
        What you read for free lasts to its end. Then your own membership begins by itself. These are the
        terms:
      </Words>
      <Terms rows={terms(data)} />
      <Words>
        If you cancel before the first charge, you pay nothing. You will be reminded a few days before.
      </Words>
      <Button href={frame.publication.url} look={frame.look}>
        Go on reading
      </Button>
      <Aside>
        <QuietLink href={data.cancelUrl}>Cancel in two clicks</QuietLink>, at any time, without signing in.
      </Aside>
    </>
  ),
  text: (data) => `You read on without a gap

What you read for free lasts to its end. Then your own membership begins by
itself.

Until then: everything is open, and nothing to pay
First charge: ${data.firstChargeAt}
Price: ${data.priceLabel}

If you cancel before the first charge, you pay nothing. You will be reminded
a few days before. Cancel in two clicks, without signing in:
${data.cancelUrl}`,
};

export const laterStarting: NoticeTemplate<TrialProps> = {
  subject: (_data, { publication }) => `The first charge for ${publication.name} comes soon`,
  preheader: (data) => `It comes on ${data.firstChargeAt}, unless you cancel before.`,
  reason,
  Body: ({ data, frame }) => (
    <>
      <Heading>The first charge comes soon</Heading>
      <Words>
        What you read for free ends in a few days, and your own membership begins. If that is what you want,
        there is nothing to do. If not, cancel before the first charge:
      </Words>
      <Terms rows={terms(data)} />
      <Button href={data.cancelUrl} look={frame.look}>
        Keep or cancel my membership
      </Button>
      <Aside>It goes on like that, on the same day, until you cancel.</Aside>
    </>
  ),
  text: (data) => `The first charge comes soon

What you read for free ends in a few days, and your own membership begins. If
that is what you want, there is nothing to do. If not, cancel before the first
charge.

Until then: everything is open, and nothing to pay
First charge: ${data.firstChargeAt}
Price: ${data.priceLabel}

Keep or cancel, without signing in: ${data.cancelUrl}

It goes on like that, on the same day, until you cancel.`,
};
