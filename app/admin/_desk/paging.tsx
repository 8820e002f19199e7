/** Links to the pages of a list; keeps the other parameters of the address. */
export function Paging({
  page,
  pageCount,
  hrefFor,
}: {
  page: number;
  pageCount: number;
  hrefFor: (page: number) => string;
}) {
  if (pageCount <= 1) return null;
  return (
    <nav aria-label="Pages" className="mt-4 flex items-center gap-4">
      {page > 1 && (
        <a rel="prev" href={hrefFor(page - 1)}>
          Earlier page
        </a>
      )}
      <span className="desk-soft">
        Page {page} of {pageCount}
      </span>
      {page < pageCount && (
        <a rel="next" href={hrefFor(page + 1)}>
          Next page
        </a>
      )}
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
