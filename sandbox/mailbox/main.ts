import { z } from "zod";
import { startMailbox } from "./server";

const port = z.coerce.number("must be a port number").int().min(0).max(65_535);

const environment = z
  .object({
    MAILBOX_SMTP_PORT: port.default(1025),
    MAILBOX_PORT: port.default(8025),
    MAILBOX_DATA: z.string().min(1, "must name a folder, or be left out").optional(),
  })
  .safeParse(process.env);

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const taken = "code" in error && error.code === "EADDRINUSE" && "port" in error;
  return taken
    ? `Port ${error.port} is in use. Choose others with MAILBOX_SMTP_PORT and MAILBOX_PORT.`
    : error.message;
}

function stop(message: string): never {
  process.stderr.write(`The mailbox cannot start. ${message}\n`);
  process.exit(1);
}

if (!environment.success) {
  stop(environment.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
}

const { MAILBOX_SMTP_PORT, MAILBOX_PORT, MAILBOX_DATA } = environment.data;
const mailbox = await startMailbox({
  smtpPort: MAILBOX_SMTP_PORT,
  webPort: MAILBOX_PORT,
  ...(MAILBOX_DATA === undefined ? {} : { dataFolder: MAILBOX_DATA }),
}).catch((error: unknown) => stop(explain(error)));

process.stdout.write(`Mailbox: ${mailbox.webUrl} (mail to ${mailbox.smtpUrl})\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void mailbox.close());
