import type { CardFailure } from "./records";

/** What a test card does when it is saved, and when it is charged later without its holder. */
export interface TestCard {
  number: string;
  brand: "visa" | "mastercard" | "amex";
  name: string;
  saving: "succeeds" | "fails" | "asks";
  charging: "succeeds" | "fails" | "asks";
  failure: CardFailure;
}

const declined: CardFailure = {
  type: "card_error",
  code: "card_declined",
  decline_code: "generic_decline",
  message: "Your card was declined.",
};
const insufficient: CardFailure = {
  type: "card_error",
  code: "card_declined",
  decline_code: "insufficient_funds",
  message: "Your card has insufficient funds.",
};
const unauthenticated: CardFailure = {
  type: "card_error",
  code: "authentication_required",
  decline_code: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

/** The numbers are Stripe's public test cards: https://docs.stripe.com/testing */
const CARDS: readonly TestCard[] = [
  card("4242424242424242", "visa", "Succeeds", "succeeds", "succeeds", declined),
  card("5555555555554444", "mastercard", "Succeeds (Mastercard)", "succeeds", "succeeds", declined),
  card("378282246310005", "amex", "Succeeds (American Express)", "succeeds", "succeeds", declined),
  card("4000000000000002", "visa", "Declined at once", "fails", "fails", declined),
  card("4000000000009995", "visa", "Insufficient funds, at once", "fails", "fails", insufficient),
  card("4000000000000341", "visa", "Saves, then fails on every charge", "succeeds", "fails", declined),
  card("4000002500003155", "visa", "Asks for authentication once", "asks", "succeeds", declined),
  card(
    "4000002760003184",
    "visa",
    "Asks for authentication on every charge",
    "asks",
    "asks",
    unauthenticated,
  ),
];

function card(
  number: string,
  brand: TestCard["brand"],
  name: string,
  saving: TestCard["saving"],
  charging: TestCard["charging"],
  failure: CardFailure,
): TestCard {
  return { number, brand, name, saving, charging, failure };
}

export function listTestCards(): readonly TestCard[] {
  return CARDS;
}

/** The test card of a number that may have spaces, or null for every other number. */
export function findTestCard(number: string): TestCard | null {
  const digits = number.replace(/[\s-]/g, "");
  return CARDS.find((known) => known.number === digits) ?? null;
}

const BRANDS: Readonly<Record<string, string>> = {
  visa: "Visa",
  mastercard: "Mastercard",
  amex: "American Express",
};

/** A brand as people write it. */
export function brandName(brand: string): string {
  return BRANDS[brand] ?? brand;
}

/** A card number in groups, as it is printed on the card. */
export function groupDigits(number: string): string {
  return number.length === 15
    ? number.replace(/(\d{4})(\d{6})(\d{5})/, "$1 $2 $3")
    : number.replace(/(\d{4})(?=\d)/g, "$1 ");
}

/** What Stripe says to a real card number in test mode. */
export const notATestCard: CardFailure = {
  type: "card_error",
  code: "card_declined",
  decline_code: "test_mode_live_card",
  message: "Your card was declined. Only the test card numbers work here, such as 4242 4242 4242 4242.",
};

export const noCard: CardFailure = {
  type: "invalid_request_error",
  code: "resource_missing",
  message: "This customer has no card to charge.",
};
