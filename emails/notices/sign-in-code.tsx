import { Button } from "../layout";
import { Aside, Heading, type NoticeTemplate, Words } from "../notice";
import { INK, MONO, SURFACE } from "../style";

/** The code comes first in the subject, so that a lock screen shows it. */
export const signInCode: NoticeTemplate<{ code: string; signInUrl: string; expiresInMinutes: number }> = {
  subject: (data, { publication }) => `${data.code} is your code for ${publication.name}`,
  preheader: (data) => `Type it where you asked for it, within ${data.expiresInMinutes} minutes.`,
  reason: (_data, { publication }) =>
    `You get this because somebody asked to sign in to ${publication.name} with this address.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Your code</Heading>
      <Words>Type it where you asked for it:</Words>
      <p
        className="e-ink e-surface"
        style={{
          margin: "0 0 22px",
          padding: "18px 20px",
          background: SURFACE,
          borderRadius: "6px",
          fontFamily: MONO,
          fontSize: "30px",
          lineHeight: "1.2",
          letterSpacing: "0.14em",
          color: INK,
        }}
      >
        {data.code}
      </p>
      <Words>Or sign in with this button, in the browser that you asked from:</Words>
      <Button href={data.signInUrl} look={frame.look}>
        Sign in
      </Button>
      <Aside>
        Both work once, for {data.expiresInMinutes} minutes. Nobody from {frame.publication.name} will ever
        ask you for this code. If you did not ask for it, do nothing.
      </Aside>
    </>
  ),
  text: (data, { publication }) => `Your code: ${data.code}

Type it where you asked for it, or open this address in the browser that you
asked from:

${data.signInUrl}

Both work once, for ${data.expiresInMinutes} minutes. Nobody from ${publication.name}
will ever ask you for this code. If you did not ask for it, do nothing.`,
};
