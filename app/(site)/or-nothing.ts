/**
 * For the metadata of a page that is drawn for each request. When it fails, the framework never ends the response; so
 * it goes without, and the page, which needs the same data, fails in its place and shows the error page.
 */
export async function orNothing<Value>(value: Promise<Value>): Promise<Value | null> {
  return value.catch(() => null);
}
