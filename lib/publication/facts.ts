/** Words and numbers that stand in an issue as variables; frozen into the issue when it is published. */
export type PublicationFacts = {
  publicationName: string;
  seriesName: string;
  authorName: string;
  /** Absolute, without a trailing slash. */
  publicUrl: string;
  /** BCP 47, such as `en`. */
  language: string;
  /** As a reader sees it, such as `$3/mo`. */
  price: string;
  /** Whole days; 0 where there is no trial. */
  trialDays: number;
  /** Confirmed subscribers rounded down, such as `6300+`; null while there are too few to boast. */
  subscriberCount: string | null;
};
