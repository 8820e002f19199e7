import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { groupDigits, listTestCards } from "../cards";
import type { CardEntry } from "../state";
import { table } from "./frame";

/** What somebody typed into a card form, kept to show it again. */
export type CardForm = Record<"number" | "expiry" | "cvc" | "name", string>;

export const helpfulCard: CardForm = {
  number: "4242 4242 4242 4242",
  expiry: "12 / 34",
  cvc: "123",
  name: "Sam Reader",
};

export function cardFormOf(fields: URLSearchParams): CardForm {
  const value = (name: string) => (fields.get(name) ?? "").trim().slice(0, 200);
  return { number: value("number"), expiry: value("expiry"), cvc: value("cvc"), name: value("name") };
}

/** The card, or what is wrong with it in words for its holder. `now` is milliseconds of the sandbox's time. */
export function readCard(form: CardForm, now: number): CardEntry | { problem: string } {
  const number = form.number.replace(/[\s-]/g, "");
  if (!/^\d{12,19}$/.test(number)) return { problem: "The card number is not complete." };
  const expiry = /^(\d{1,2})\s*\/?\s*(\d{2}|20\d{2})$/.exec(form.expiry);
  const month = Number(expiry?.[1]);
  const year = Number(expiry?.[2]) % 100;
  if (!expiry || month < 1 || month > 12)
    return { problem: "Write the expiry as month and year, such as 12 / 34." };
  if (Date.UTC(2000 + year, month) <= now) return { problem: "The card has expired." };
  if (!/^\d{3,4}$/.test(form.cvc)) return { problem: "The security code has three or four digits." };
  if (form.name === "") return { problem: "Write the name that is on the card." };
  return { number, month, year: 2000 + year, name: form.name };
}

export function cardFields(form: CardForm): Markup {
  return markup`<label for="number">Card number</label>
<input id="number" name="number" value="${form.number}" inputmode="numeric" autocomplete="off" aria-describedby="number-hint" required>
<p class="hint" id="number-hint">Test cards only. Other numbers are listed below.</p>
<div class="pair">
<div><label for="expiry">Expiry</label><input id="expiry" name="expiry" value="${form.expiry}" inputmode="numeric" autocomplete="off" required></div>
<div><label for="cvc">Security code</label><input id="cvc" name="cvc" value="${form.cvc}" inputmode="numeric" autocomplete="off" required></div>
</div>
<label for="name">Name on card</label>
<input id="name" name="name" value="${form.name}" autocomplete="off" required>`;
}

/** Every card number that does something, and what. */
export function testCardTable(): Markup {
  const rows = listTestCards().map(
    ({ number, name }) => markup`<tr><td><code>${groupDigits(number)}</code></td><td>${name}</td></tr>`,
  );
  return table("Test cards", ["Number", "What it does"], rows);
}
