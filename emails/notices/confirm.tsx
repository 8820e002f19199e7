import { Button } from "../layout";
import { Aside, Heading, type NoticeTemplate, PlainAddress, Words } from "../notice";

/** Asks the owner of an address whether they want the mail. Nothing that was typed into the form stands here. */
export const confirm: NoticeTemplate<{ confirmUrl: string }> = {
  subject: (_data, { publication }) => `Confirm your subscription to ${publication.name}`,
  preheader: () => "One button, and you are in. If it was not you, do nothing.",
  reason: (_data, { publication }) =>
    `You get this once, because somebody left this address in the form of ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>One more step</Heading>
      <Words>
        Somebody, probably you, asked for {frame.publication.name} to be sent to this address. Confirm it, and
        the next issue comes to you.
      </Words>
      <Button href={data.confirmUrl} look={frame.look}>
        Confirm my subscription
      </Button>
      <Aside>The link works for seven days. If it was not you, do nothing: no more mail will come.</Aside>
      <PlainAddress href={data.confirmUrl} />
    </>
  ),
  text: (data, { publication }) => `One more step

Somebody, probably you, asked for ${publication.name} to be sent to this
address. Confirm it, and the next issue comes to you:

${data.confirmUrl}

The link works for seven days. If it was not you, do nothing: no more mail
will come.`,
};
