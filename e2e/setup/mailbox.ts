export interface Mail {
  id: number;
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  headers: { name: string; value: string }[];
  /** Web addresses in the HTML, then those only in the text; each once. */
  links: string[];
  source(): Promise<string>;
  /** The first header of that name, in any case. */
  header(name: string): string | undefined;
  /** The one link whose address contains `part`. Throws when there is none. */
  link(part: string | RegExp): string;
}

export interface MailFilter {
  to: string;
  /** Part of the subject. */
  subject?: string;
  /** Only mail that came after this one. */
  after?: number;
  /** Milliseconds; 30 seconds unless told. */
  timeout?: number;
}

type MailAnswer = Omit<Mail, "source" | "header" | "link">;

/** What the mailbox stand-in has received, read over its own JSON. */
export class Mailbox {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The next (or a present) mail that fits; throws when none comes in time. */
  async waitForMail({ to, subject, after, timeout = 30_000 }: MailFilter): Promise<Mail> {
    const query = new URLSearchParams({ to, timeout: String(timeout) });
    if (subject !== undefined) query.set("subject", subject);
    if (after !== undefined) query.set("after", String(after));
    const response = await fetch(`${this.#url}/api/messages/wait?${query}`);
    if (response.status === 408) {
      const seen = (await this.list({ to })).map((mail) => mail.subject);
      throw new Error(
        `No mail to ${to} with "${subject ?? ""}" came. There is: ${seen.join(" | ") || "none"}.`,
      );
    }
    const { id } = await readJson<{ id: number }>(response);
    return this.read(id);
  }

  /** Newest first, without bodies. */
  async list(filter: {
    to?: string;
    subject?: string;
  }): Promise<{ id: number; subject: string; to: string[] }[]> {
    const query = new URLSearchParams({ limit: "1000", ...filter });
    const answer = await readJson<{ messages: { id: number; subject: string; to: string[] }[] }>(
      await fetch(`${this.#url}/api/messages?${query}`),
    );
    return answer.messages;
  }

  /** The newest mail's id, for `after`; 0 when there is none. */
  async newest(to: string): Promise<number> {
    return (await this.list({ to }))[0]?.id ?? 0;
  }

  async read(id: number): Promise<Mail> {
    const answer = await readJson<MailAnswer>(await fetch(`${this.#url}/api/messages/${id}`));
    return {
      ...answer,
      source: async () => (await fetch(`${this.#url}/api/messages/${id}/source`)).text(),
      header: (name) =>
        answer.headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value,
      link: (part) => findLink(answer, part),
    };
  }
}

function findLink({ links, subject }: MailAnswer, part: string | RegExp): string {
  const found = links.find((link) => (typeof part === "string" ? link.includes(part) : part.test(link)));
  if (!found) throw new Error(`The mail "${subject}" has no link with ${part}. It has: ${links.join(" ")}`);
  return found;
}

async function readJson<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`The mailbox answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** The code that a sign-in mail carries at the beginning of its subject. */
export function codeIn(mail: Mail): string {
  const code = /^([0-9A-Z]{6})\b/.exec(mail.subject)?.[1];
  if (!code) throw new Error(`There is no code in "${mail.subject}".`);
  return code;
}
