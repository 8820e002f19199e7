import { Button } from "../layout";
import { Aside, Heading, type NoticeTemplate, Words } from "../notice";

/** The form tells everybody the same; only the owner of the address learns that it is known already. */
export const alreadySubscribed: NoticeTemplate<Record<string, never>> = {
  subject: (_data, { publication }) => `You already subscribe to ${publication.name}`,
  preheader: () => "Nothing to do: the next issue comes as always.",
  reason: (_data, { publication }) =>
    `You get this because somebody left your address in the form of ${publication.name} once more.`,
  Body: ({ frame }) => (
    <>
      <Heading>You are on the list already</Heading>
      <Words>
        Somebody, probably you, asked for {frame.publication.name} again. There is nothing to do: the next
        issue comes to this address as always.
      </Words>
      <Button href={frame.accountUrl} look={frame.look}>
        Go to my account
      </Button>
      <Aside>There you see what you get, and can change or end it.</Aside>
    </>
  ),
  text: (_data, { publication, accountUrl }) => `You are on the list already

Somebody, probably you, asked for ${publication.name} again. There is nothing
to do: the next issue comes to this address as always.

What you get, and how to change or end it: ${accountUrl}`,
};
