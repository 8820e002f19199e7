import { Button } from "../layout";
import { Aside, Heading, type NoticeTemplate, Words } from "../notice";

type SendingPaused = { title: string; pausedAt: string; words: string; deskUrl: string };

/** For authors: mail is refused because of them, and an issue waits half sent. */
export const sendingPaused: NoticeTemplate<SendingPaused> = {
  subject: (data) => `Paused: mail servers refuse “${data.title}”`,
  preheader: () => "Whoever has it keeps it; everybody else waits until you let it go on.",
  reason: (_data, { publication }) => `You get this because you write ${publication.name}.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Sending “{data.title}” is paused</Heading>
      <Words>
        Masthead paused it by itself on {data.pausedAt}, because mail is refused for a reason that is not the
        readers’. The words: “{data.words}”
      </Words>
      <Words>
        Nobody is lost: whoever has it keeps it, and everybody else waits. Show these words to whoever runs
        your mail server, or correct SMTP_URL and start the worker again. Then press “Go on sending”.
      </Words>
      <Button href={data.deskUrl} look={frame.look}>
        Go to the issue
      </Button>
      <Aside>npm run masthead -- doctor asks the mail server whether it takes us again.</Aside>
    </>
  ),
  text: (data) => `Sending “${data.title}” is paused

Masthead paused it by itself on ${data.pausedAt}, because mail is refused for a
reason that is not the readers'. The words:

“${data.words}”

Nobody is lost: whoever has it keeps it, and everybody else waits. Show these
words to whoever runs your mail server, or correct SMTP_URL and start the
worker again. Then press “Go on sending”:
${data.deskUrl}

npm run masthead -- doctor asks the mail server whether it takes us again.`,
};
