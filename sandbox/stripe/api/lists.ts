import { z } from "zod";
import { missing } from "./errors";
import { filled, integerBetween } from "./parameters";

/** The parameters that every list takes: https://docs.stripe.com/api/pagination */
export const paging = {
  limit: integerBetween(1, 100).optional(),
  starting_after: filled.optional(),
  ending_before: filled.optional(),
};

const pagingShape = z.object(paging);
type Paging = z.output<typeof pagingShape>;

export interface List<T> {
  object: "list";
  url: string;
  has_more: boolean;
  data: T[];
}

/** One page of `rows`, which come oldest first; a list shows the newest first. Throws ApiError on an unknown cursor. */
export function listPage<T extends { id: string; object: string }>(
  url: string,
  rows: Iterable<T>,
  { limit = 10, starting_after, ending_before }: Paging,
): List<T> {
  const all = [...rows].reverse();
  const at = (id: string, param: string) => {
    const index = all.findIndex((row) => row.id === id);
    if (index < 0) throw missing(all[0]?.object ?? "object", id, param);
    return index;
  };
  if (ending_before !== undefined) {
    const end = at(ending_before, "ending_before");
    const start = Math.max(0, end - limit);
    return { object: "list", url, has_more: start > 0, data: all.slice(start, end) };
  }
  const start = starting_after === undefined ? 0 : at(starting_after, "starting_after") + 1;
  return { object: "list", url, has_more: start + limit < all.length, data: all.slice(start, start + limit) };
}

/** A list inside an object, whole. */
export function wholeList<T>(url: string, data: T[]): List<T> {
  return { object: "list", url, has_more: false, data };
}
