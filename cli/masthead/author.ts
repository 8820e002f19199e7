import type { Command } from "commander";
import { inviteAuthor } from "@/lib/auth/authors";
import { withInstallation } from "./installation";
import { answersWith } from "./verb";

export function addAuthor(program: Command): void {
  const author = program.command("author").description("who writes").helpCommand(false);
  const invite = author
    .command("invite <email>")
    .description("may sign in to the desk at /admin from now on; mails nobody");
  answersWith(invite, (email: string) =>
    withInstallation(async ({ db, env }) => {
      const data = await inviteAuthor(db, email, { now: new Date() });
      const how = `signs in at ${env.PUBLIC_URL}/admin with a code that is mailed there.`;
      const words = data.added
        ? [`${data.email} is an author now and ${how}`]
        : [`${data.email} was an author already and ${how}`];
      return { data, words };
    }),
  );
}
