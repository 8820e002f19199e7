/**
 * The few places where one reader's mail differs from another's. Pure. A slot is a name between two private-use
 * characters, so that no text of an author can be mistaken for one; values are put in once and never looked at again.
 */
export const SLOTS = ["unsubscribeUrl", "statusLine"] as const;

export type Slot = (typeof SLOTS)[number];
export type SlotValues = Readonly<Record<Slot, string>>;

const OPEN = "\u{e000}";
const CLOSE = "\u{e001}";
const PATTERN = new RegExp(`${OPEN}(${SLOTS.join("|")})${CLOSE}`, "u");

/** Stands in a template where the reader's value comes. */
export function slot(name: Slot): string {
  return `${OPEN}${name}${CLOSE}`;
}

/** Text and slots in turn: every second element is the name of a slot. */
export function splitSlots(template: string): string[] {
  return template.split(PATTERN);
}

/** What an author or a setting may bring along is removed before a template is drawn. */
export function withoutSlotMarks(text: string): string {
  return text.replaceAll(OPEN, "").replaceAll(CLOSE, "");
}

export function fillSlots(template: string, values: SlotValues, encode: (value: string) => string): string {
  return splitSlots(template)
    .map((piece, index) => (index % 2 === 0 ? piece : encode(slotValue(piece, values))))
    .join("");
}

/** `name` comes from `splitSlots`, so it is one of the list. */
export function slotValue(name: string, values: SlotValues): string {
  const found = SLOTS.find((known) => known === name);
  if (!found) throw new RangeError("There is no such slot.");
  return values[found];
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};

/** For text and for quoted attributes alike. */
export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
