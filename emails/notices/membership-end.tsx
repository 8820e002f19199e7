import { Button } from "../layout";
import { Aside, Heading, type NoticeTemplate, Words } from "../notice";

export const membershipCancelled: NoticeTemplate<{ accessEndsAt: string }> = {
  subject: (_data, { publication }) => `You cancelled your membership of ${publication.name}`,
  preheader: (data) => `Nothing more is charged. Everything stays open until ${data.accessEndsAt}.`,
  reason: (_data, { publication }) =>
    `You get this because you cancelled your membership of ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Cancelled, as you asked</Heading>
      <Words>
        Nothing more will be charged. Everything stays open to you until {data.accessEndsAt}; after that you
        go on getting the free part of each issue.
      </Words>
      <Button href={frame.accountUrl} look={frame.look}>
        Go to my account
      </Button>
      <Aside>If you changed your mind, you can take the cancellation back there until that day.</Aside>
    </>
  ),
  text: (data, { accountUrl }) => `Cancelled, as you asked

Nothing more will be charged. Everything stays open to you until
${data.accessEndsAt}; after that you go on getting the free part of each issue.

If you changed your mind, take the cancellation back until that day:
${accountUrl}`,
};

export const membershipEnded: NoticeTemplate<{ joinUrl: string }> = {
  subject: (_data, { publication }) => `Your membership of ${publication.name} has ended`,
  preheader: () => "The free part of each issue still comes. You can come back at any time.",
  reason: (_data, { publication }) => `You get this because your membership of ${publication.name} ended.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Your membership has ended</Heading>
      <Words>
        Thank you for the time that you were a member. The free part of each issue still comes to you, and
        nothing more is charged.
      </Words>
      <Button href={data.joinUrl} look={frame.look}>
        Become a member again
      </Button>
      <Aside>Your place in the archive, and your private feed, come back with it.</Aside>
    </>
  ),
  text: (data) => `Your membership has ended

Thank you for the time that you were a member. The free part of each issue
still comes to you, and nothing more is charged.

Become a member again: ${data.joinUrl}`,
};
