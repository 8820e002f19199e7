/** An address asks for a fault by its local part: the word alone, or the word and anything that is no letter. */
const FAULTS = {
  greylist: "The first attempt of a sender gets 450 4.2.0, the next one is accepted.",
  bounce: "Refused for good with 550 5.1.1.",
  full: "Refused for now with 452 4.2.2, every time.",
  slow: "Accepted, but the final answer takes 2 seconds.",
  drop: "Recorded, and the connection is cut before the final answer.",
} as const;

export type Fault = keyof typeof FAULTS;

/** For showing: which address does what. */
export function listFaults(): { word: Fault; example: string; effect: string }[] {
  return (Object.keys(FAULTS) as Fault[]).map((word) => ({
    word,
    example: `${word}+1@example.com`,
    effect: FAULTS[word],
  }));
}

/**
 * Which fault an address asks for. People are called Fuller and Dropbox exists, so a letter after the word means that
 * the address is an ordinary one.
 */
export function faultOf(address: string): Fault | null {
  const word = /^(greylist|bounce|full|slow|drop)(?![\p{L}])[^@]*@/iu.exec(address)?.[1];
  return word ? (word.toLowerCase() as Fault) : null;
}

/** What a mail server says to RCPT TO, as `smtp-server` wants it. */
export class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

const REMEMBERED_CONTACTS = 50_000;

/** Answers to RCPT TO. Remembers who has knocked before, for as long as it lives. */
export class Doorkeeper {
  #contacts = new Set<string>();

  /** The refusal of this recipient, or null where the message may come in. */
  refuse(sender: string, recipient: string): Refusal | null {
    const fault = faultOf(recipient);
    if (fault === "bounce") return new Refusal(550, "5.1.1 No such mailbox here");
    if (fault === "full") return new Refusal(452, "4.2.2 Mailbox full");
    if (fault !== "greylist") return null;
    const contact = `${sender}\n${recipient}`.toLowerCase();
    if (this.#contacts.has(contact)) return null;
    if (this.#contacts.size >= REMEMBERED_CONTACTS) this.#contacts.clear();
    this.#contacts.add(contact);
    return new Refusal(450, "4.2.0 Greylisted, please try again");
  }

  /** Everybody is a stranger again. */
  forget(): void {
    this.#contacts.clear();
  }
}
