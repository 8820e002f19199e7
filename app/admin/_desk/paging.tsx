/** Links to the pages of a list; keeps the other parameters of the address. */
export function Paging({
  page,
  pageCount,
  total,
  hrefFor,
}: {
  page: number;
  pageCount: number;
  /** Of all pages together. */
  total?: number;
  hrefFor: (page: number) => string;
}) {
  if (pageCount <= 1) return null;
  return (
    <nav aria-label="Pages" className="desk-paging">
      {page > 2 && <a href={hrefFor(1)}>First page</a>}
      {page > 1 && (
        <a rel="prev" href={hrefFor(page - 1)}>
          Previous page
        </a>
      )}
      <span className="desk-soft">
        Page {page.toLocaleString("en")} of {pageCount.toLocaleString("en")}
        {total !== undefined && `, ${total.toLocaleString("en")} in all`}
      </span>
      {page < pageCount && (
        <a rel="next" href={hrefFor(page + 1)}>
          Next page
        </a>
      )}
      {page < pageCount - 1 && <a href={hrefFor(pageCount)}>Last page</a>}
    </nav>
  );
}

/** An address with the given parameters, empty ones left out. */
export function addressWith(path: string, parameters: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "" && value !== 1) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** A parameter of the address as one string. */
export function oneOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
