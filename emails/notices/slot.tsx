import { Button } from "../layout";
import { Aside, Heading, type NoticeTemplate, Words } from "../notice";

/** For authors: what the weekly slot needs from them. */

export const momentMissed: NoticeTemplate<{ title: string; dueAt: string; deskUrl: string }> = {
  subject: (data) => `Not sent: “${data.title}” waits for you`,
  preheader: (data) => `It was to go out on ${data.dueAt}, and nothing ran then.`,
  reason: (_data, { publication }) => `You get this because you write ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>“{data.title}” was not sent</Heading>
      <Words>
        It was to go out on {data.dueAt}. Masthead was not running then, or could not make its mail, and now
        it is so late that it does not send by itself any more. Say whether it goes out now, later, or not at
        all.
      </Words>
      <Button href={data.deskUrl} look={frame.look}>
        Decide on the desk
      </Button>
      <Aside>How late an issue still goes out by itself is a setting of the weekly slot.</Aside>
    </>
  ),
  text: (data) => `“${data.title}” was not sent

It was to go out on ${data.dueAt}. Masthead was not running then, or could not
make its mail, and now it is so late that it does not send by itself any more.
Say whether it goes out now, later, or not at all:
${data.deskUrl}

How late an issue still goes out by itself is a setting of the weekly slot.`,
};

export const slotEmpty: NoticeTemplate<{ slotAt: string; deskUrl: string }> = {
  subject: (data) => `Nothing is scheduled for ${data.slotAt}`,
  preheader: () => "Your readers are used to an issue then.",
  reason: (_data, { publication }) => `You get this because you write ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>The next slot is empty</Heading>
      <Words>
        The next slot is on {data.slotAt}, and no issue is scheduled for it. Your readers are used to one.
      </Words>
      <Button href={data.deskUrl} look={frame.look}>
        Go to the desk
      </Button>
      <Aside>If you skip this week, there is nothing to do.</Aside>
    </>
  ),
  text: (data) => `The next slot is empty

The next slot is on ${data.slotAt}, and no issue is scheduled for it. Your
readers are used to one.

Go to the desk: ${data.deskUrl}

If you skip this week, there is nothing to do.`,
};
