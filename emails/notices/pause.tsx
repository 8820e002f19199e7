import { Button, QuietLink } from "../layout";
import { Aside, Heading, type NoticeTemplate, Terms, Words } from "../notice";

export const membershipPaused: NoticeTemplate<{
  /** Moments as a reader sees them. */
  closesAt: string;
  chargeAt: string;
  priceLabel: string;
}> = {
  subject: (_data, { publication }) => `Your membership of ${publication.name} is paused`,
  preheader: (data) => `Nothing is charged until ${data.chargeAt}, when it goes on by itself.`,
  reason: (_data, { publication }) =>
    `You get this because you paused your membership of ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Paused, as you asked</Heading>
      <Terms rows={pauseRows(data)} />
      <Words>
        It goes on by itself, and you are reminded three days before. To read on earlier, press once on your
        account page.
      </Words>
      <Button href={frame.accountUrl} look={frame.look}>
        Go to my account
      </Button>
      <Aside>The free part of each issue still comes to you by mail.</Aside>
    </>
  ),
  text: (data, { accountUrl }) => `Paused, as you asked

${pauseRows(data)
  .map(([name, value]) => `${name}: ${value}`)
  .join("\n")}

It goes on by itself, and you are reminded three days before. To read on
earlier, press once on your account page: ${accountUrl}

The free part of each issue still comes to you by mail.`,
};

function pauseRows(data: { closesAt: string; chargeAt: string; priceLabel: string }): [string, string][] {
  return [
    ["Paid and open until", data.closesAt],
    ["Goes on", data.chargeAt],
    ["Next charge", `${data.priceLabel}, on that day`],
  ];
}

export const pauseEnding: NoticeTemplate<{ chargeAt: string; priceLabel: string; cancelUrl: string }> = {
  subject: (_data, { publication }) => `Your membership of ${publication.name} goes on soon`,
  preheader: (data) => `The next charge comes on ${data.chargeAt}, unless you cancel before.`,
  reason: (_data, { publication }) =>
    `You get this because you paused your membership of ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Your pause ends soon</Heading>
      <Words>
        On {data.chargeAt} your membership goes on: everything opens again, and {data.priceLabel} is charged.
        If that is what you want, there is nothing to do.
      </Words>
      <Button href={frame.accountUrl} look={frame.look}>
        Go to my account
      </Button>
      <Aside>
        If not, <QuietLink href={data.cancelUrl}>cancel in two clicks</QuietLink>, without signing in.
      </Aside>
    </>
  ),
  text: (data, { accountUrl }) => `Your pause ends soon

On ${data.chargeAt} your membership goes on: everything
opens again, and ${data.priceLabel} is charged. If that is what you want, there is
nothing to do.

Your account: ${accountUrl}

If not, cancel in two clicks, without signing in: ${data.cancelUrl}`,
};
