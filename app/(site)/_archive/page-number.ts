/** A page of a list from an address: 1 for anything that is no page. */
export function pageNumber(value: string | string[] | undefined): number {
  if (typeof value !== "string" || !/^[1-9]\d{0,4}$/.test(value)) return 1;
  return Number(value);
}
