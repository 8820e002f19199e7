/** The sample publication that a first start sets up: an invented weekly by an invented author. */
export const SAMPLE_PUBLICATION = {
  name: "The Holdout",
  tagline: "Machine learning for people who get paged about it",
  description:
    "A weekly letter for software engineers who use machine learning and answer for the result. One idea each Friday, worked out with numbers: evaluation, data, latency, retrieval, and what happens after launch.",
  seriesName: "Holdout",
  authorName: "Tamsin Aldous",
  authorBio:
    "Tamsin Aldous has kept models alive in production for eleven years: address search for a parcel carrier, fraud scores for a small bank, and now other people's systems, from a desk in Leith with a view of the cranes.",
  language: "en",
  accentColor: "#b3331d",
  postalAddress: "The Holdout, 14 Example Wynd, Edinburgh EH6 0XX, United Kingdom",
  senderName: "Tamsin at The Holdout",
  slotWeekday: 5,
  slotTime: "09:00",
  timeZone: "Europe/London",
  priceCents: 300,
  yearlyPriceCents: 3_000,
  currency: "usd",
  trialDays: 7,
} as const;

/** Reusable pieces that the sample issues name, as Markdown. */
export const SAMPLE_SNIPPETS = [
  {
    name: "intro",
    title: "Intro",
    markdown:
      "*Good morning. This is **:variable[publicationName]**: one idea a week about machine learning that has to work on a Tuesday, for :variable[subscriberCount] engineers who answer for the result.*",
  },
  {
    name: "sign-off",
    title: "Sign-off",
    markdown:
      "Hold something back,\\\nTamsin\n\n*Replies reach me, and I answer on trains. Members read the whole archive for :variable[price], after :variable[trialLength] free.*",
  },
] as const;
