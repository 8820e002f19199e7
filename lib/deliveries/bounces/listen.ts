/**
 * Takes mail that comes back, by SMTP or LMTP: only for return addresses of our own making and for complaints, of a
 * limited size; what comes for the postmaster is taken and counts as nothing. Says 250 when a report stands in the
 * database, and asks to come again while the database is away.
 */
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { type Database, databaseNow } from "@/lib/db";
import { log } from "@/lib/log";
import { readReturnPath } from "@/lib/mail/return-path";
import { takeReport } from "./take-report";

const LARGEST_REPORT = 2 * 1024 * 1024;
const MOST_CLIENTS = 50;
const PATIENCE_MS = 60_000;

export type ReportListener = { port: number; close(): Promise<void> };

export type ListenOptions = {
  port: number;
  host: string;
  protocol: "smtp" | "lmtp";
  bounceDomain: string;
};

/** What stands before @ in the address that feedback loops are told. */
export const COMPLAINTS = "complaints";

/** Throws where the port is taken. */
export async function listenForReports(db: Database, options: ListenOptions): Promise<ReportListener> {
  const complaints = `${COMPLAINTS}@${options.bounceDomain}`;
  const server = new SMTPServer({
    lmtp: options.protocol === "lmtp",
    banner: "reports only",
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: LARGEST_REPORT,
    maxClients: MOST_CLIENTS,
    socketTimeout: PATIENCE_MS,
    logger: false,
    onRcptTo({ address }, session, done) {
      if (session.envelope.rcptTo.length >= 1) return done(refusal(452, "4.5.3 one recipient at a time"));
      const known = address.toLowerCase() === complaints || readReturnPath(address) !== null;
      if (known || isPostmaster(address, options)) return done();
      done(refusal(550, "5.1.1 no such address here"));
    },
    onData: (stream, session, done) => {
      void take(db, stream, session, options).then(
        () => done(null, "noted"),
        (error: unknown) => done(error instanceof Refusal ? error : refusal(451, "4.3.0 try again later")),
      );
    },
  });
  server.on("error", (error) => log.warn({ event: "deliveries.report-connection", error }));
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.server.off("error", reject);
      resolve();
    });
  });
  const address = server.server.address();
  return {
    port: typeof address === "object" && address ? address.port : options.port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** RFC 5321 4.5.1: accepted in any case, and without a domain too. */
function isPostmaster(address: string, { bounceDomain }: Pick<ListenOptions, "bounceDomain">): boolean {
  return ["postmaster", `postmaster@${bounceDomain}`].includes(address.toLowerCase());
}

async function take(
  db: Database,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  options: ListenOptions,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Read to its end even when it is too long: the answer comes only then.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_REPORT) chunks.push(chunk);
  }
  if (size > LARGEST_REPORT) throw refusal(552, "5.3.4 too large for a report");
  const to = session.envelope.rcptTo[0]?.address ?? "";
  if (isPostmaster(to, options)) return log.info({ event: "deliveries.postmaster-mail", bytes: size });
  try {
    await takeReport(db, { to, source: Buffer.concat(chunks) }, { now: await databaseNow(db) });
  } catch (error) {
    log.error({ event: "deliveries.report-failed", error }, "the sender is asked to come again");
    throw error;
  }
}

class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

function refusal(code: number, message: string): Refusal {
  return new Refusal(code, message);
}
