import type { CardFailure } from "./records";

/** What a test card does when it is saved, and when it is charged later without its holder. */
export interface TestCard {
  number: string;
  brand: "visa" | "mastercard" | "amex";
  name: string;
  saving: "succeeds" | "fails" | "asks";
  charging: "succeeds" | "fails" | "asks" | "stops" | "disputed";
  failure: CardFailure;
}

/** Why banks refuse, in Stripe's words: https://docs.stripe.com/declines/codes */
export const DECLINES: Readonly<Record<string, { code: string; message: string }>> = {
  generic_decline: { code: "card_declined", message: "Your card was declined." },
  insufficient_funds: { code: "card_declined", message: "Your card has insufficient funds." },
  lost_card: { code: "card_declined", message: "Your card was declined." },
  stolen_card: { code: "card_declined", message: "Your card was declined." },
  fraudulent: { code: "card_declined", message: "Your card was declined." },
  card_velocity_exceeded: {
    code: "card_declined",
    message:
      "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
  },
  expired_card: { code: "expired_card", message: "Your card has expired." },
  incorrect_cvc: { code: "incorrect_cvc", message: "Your card's security code is incorrect." },
  processing_error: {
    code: "processing_error",
    message: "An error occurred while processing your card. Try again in a little bit.",
  },
  authentication_required: {
    code: "authentication_required",
    message: "Your card was declined. This transaction requires authentication.",
  },
};

/** The refusal with this decline code. Throws for a code that is not one of DECLINES. */
export function declineOf(decline_code: string): CardFailure {
  const decline = DECLINES[decline_code];
  if (!decline) throw new Error(`There is no decline code ${decline_code}.`);
  return { type: "card_error", decline_code, ...decline };
}

/** The numbers are Stripe's public test cards: https://docs.stripe.com/testing */
const CARDS: readonly TestCard[] = [
  card("4242424242424242", "visa", "Succeeds", "succeeds", "succeeds"),
  card("5555555555554444", "mastercard", "Succeeds (Mastercard)", "succeeds", "succeeds"),
  card("378282246310005", "amex", "Succeeds (American Express)", "succeeds", "succeeds"),
  card("4000000000000002", "visa", "Declined at once", "fails", "fails"),
  card("4000000000009995", "visa", "Insufficient funds", "fails", "fails", "insufficient_funds"),
  card("4000000000009987", "visa", "Lost card", "fails", "fails", "lost_card"),
  card("4000000000009979", "visa", "Stolen card", "fails", "fails", "stolen_card"),
  card("4000000000000069", "visa", "Expired card", "fails", "fails", "expired_card"),
  card("4000000000000127", "visa", "Wrong security code", "fails", "fails", "incorrect_cvc"),
  card("4000000000000119", "visa", "Error while processing", "fails", "fails", "processing_error"),
  card("4000000000006975", "visa", "Too many charges", "fails", "fails", "card_velocity_exceeded"),
  card("4100000000000019", "visa", "Taken for fraud", "fails", "fails", "fraudulent"),
  card("4000000000000341", "visa", "Saves, then fails on every charge", "succeeds", "fails"),
  card(
    "4000009990000005",
    "visa",
    "Pays at checkout, then fails on every renewal (this sandbox alone)",
    "succeeds",
    "stops",
    "insufficient_funds",
  ),
  card("4000002500003155", "visa", "Asks for authentication once", "asks", "succeeds"),
  card(
    "4000002760003184",
    "visa",
    "Asks for authentication on every charge",
    "asks",
    "asks",
    "authentication_required",
  ),
  card(
    "4000008260003178",
    "visa",
    "Asks for authentication, then has insufficient funds",
    "asks",
    "fails",
    "insufficient_funds",
  ),
  card(
    "4000000000000259",
    "visa",
    "Succeeds, and the charge is disputed at once",
    "succeeds",
    "disputed",
    "fraudulent",
  ),
];

function card(
  number: string,
  brand: TestCard["brand"],
  name: string,
  saving: TestCard["saving"],
  charging: TestCard["charging"],
  decline = "generic_decline",
): TestCard {
  return { number, brand, name, saving, charging, failure: declineOf(decline) };
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

/** What Stripe says when a card's holder did not pass their bank's question. */
export const notAuthenticated: CardFailure = {
  type: "card_error",
  code: "setup_intent_authentication_failure",
  message: "We are unable to authenticate your payment method. Please choose another one and try again.",
};

export const noCard: CardFailure = {
  type: "invalid_request_error",
  code: "resource_missing",
  message: "This customer has no card to charge.",
};
