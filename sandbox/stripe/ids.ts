import { randomInt } from "node:crypto";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTHS: Readonly<Record<string, number>> = { cs_test: 58, cus: 14, prod: 14, si: 14, req: 14 };

/** A new id of Stripe's looks: the prefix and enough letters to be unique. */
export function newId(prefix: string): string {
  return `${prefix}_${randomLetters(LENGTHS[prefix] ?? 24)}`;
}

function randomLetters(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** A code for people to type. */
export function newPromotionCode(): string {
  return randomLetters(8).toUpperCase();
}

/** What the numbers of a customer's invoices begin with. */
export function newInvoicePrefix(): string {
  return randomLetters(8).toUpperCase();
}
