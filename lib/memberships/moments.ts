/** Stripe counts in seconds since 1970. */
export function fromSeconds(seconds: number): Date {
  return new Date(seconds * 1_000);
}
