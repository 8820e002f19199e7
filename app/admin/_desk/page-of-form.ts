/** The desk's own page that sent a form, to come back to after signing in; `/admin` where it cannot be known. Pure. */
export function pageOfForm(referer: string | null, publicUrl: string): string {
  if (referer === null || !URL.canParse(referer)) return "/admin";
  const page = new URL(referer);
  if (page.origin !== new URL(publicUrl).origin || !/^\/admin(\/|$)/.test(page.pathname)) return "/admin";
  page.searchParams.delete("done");
  page.searchParams.delete("undo");
  return page.pathname + page.search;
}
