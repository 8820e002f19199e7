import type { APIRequestContext } from "@playwright/test";
import { canariesIn } from "./canaries";

export interface Asked {
  answers: number;
  /** Each answer that held a word from behind a wall. */
  leaks: string[];
}

interface Question {
  path: string;
  method: "GET" | "HEAD";
  headers: Record<string, string>;
}

/** As a browser, the framework's own client, and machines of many kinds ask for a page. */
const MANNERS: Record<string, string>[] = [
  {},
  { RSC: "1" },
  { RSC: "1", "Next-Router-Prefetch": "1" },
  { RSC: "1", "Next-Router-Prefetch": "2" },
  ...["/_tree", "/_head", "/_full", "/_index", "/p/$d$slug/__PAGE__", "/stranger/p/$d$slug/__PAGE__"].map(
    (segment) => ({ RSC: "1", "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": segment }),
  ),
  { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
  { "x-nextjs-data": "1" },
  { "x-matched-path": "/p/[slug]", "x-now-route-matches": "1" },
  { "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" },
  { "User-Agent": "Twitterbot/1.0", Accept: "text/html" },
  { Range: "bytes=0-1000000" },
  { Range: "bytes=2000-" },
  { Accept: "application/json" },
  { Accept: "text/markdown" },
  { "Sec-Purpose": "prefetch;prerender" },
];

const PLAIN: Record<string, string>[] = [{}, { RSC: "1" }, { RSC: "1", "Next-Router-Prefetch": "1" }];

/** Where the issue itself is drawn. */
const pagesOf = (slug: string) => [`/p/${slug}`, `/p/${slug}?nxtPslug=${slug}`, `/stranger/p/${slug}`];

/** Where some other form of it might be, or what speaks of it. */
const besideIt = (slug: string) => [
  ...[".rsc", ".txt", ".md", ".json", "/card.png"].map((end) => `/p/${slug}${end}`),
  `/_next/data/build/p/${slug}.json`,
  `/join?issue=${slug}`,
];

const SHARED = [
  "/",
  "/archive",
  "/archive?page=1",
  "/archive?q=song",
  "/stranger/home/front",
  "/stranger/archive/1",
  "/feed.xml",
  "/feed/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.xml",
  "/sitemap.xml",
  "/robots.txt",
  "/api/health",
  "/account",
  "/account/data",
  "/admin/issues",
];

/** Every question that is asked: each issue's page in every manner, the rest as a browser and as the framework's client. */
export function questions(known: { slugs: string[]; words: string[]; more: string[] }): Question[] {
  const of = (paths: string[], manners: Record<string, string>[], method: Question["method"] = "GET") =>
    paths.flatMap((path) => manners.map((headers): Question => ({ path, method, headers })));
  const pages = known.slugs.flatMap(pagesOf);
  const beside = known.slugs.flatMap(besideIt);
  const searches = known.words.map((word) => `/archive?q=${word}`);
  return [
    ...of(pages, MANNERS),
    ...of([...beside, ...SHARED, ...known.more], PLAIN),
    ...of([...pages, ...beside], [{}, { RSC: "1" }, { Range: "bytes=0-1000000" }], "HEAD"),
    ...of(SHARED, [{}], "HEAD"),
    ...of(searches, [{}]),
  ];
}

const AT_ONCE = 8;

/** Asks everything with this person's cookies, and follows no redirect to another site. */
export async function askEverything(
  person: APIRequestContext,
  site: string,
  list: readonly Question[],
): Promise<Asked> {
  const { cookies } = await person.storageState();
  const cookie = cookies.map((each) => `${each.name}=${each.value}`).join("; ");
  const asked: Asked = { answers: 0, leaks: [] };
  const waiting = [...list];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const found = await wordsFrom(site, next, cookie);
      asked.answers += 1;
      if (found.length > 0)
        asked.leaks.push(`${next.method} ${next.path} ${JSON.stringify(next.headers)}: ${found}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return asked;
}

async function wordsFrom(site: string, question: Question, cookie: string): Promise<string[]> {
  const { path, method, headers } = question;
  const response = await fetch(`${site}${path}`, {
    method,
    headers: { ...headers, ...(cookie && { Cookie: cookie }) },
  });
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const text = `${head}\n${await response.text()}`;
  // The searched word itself comes back, in the box that it was typed into; what it finds must be nothing.
  const searched = new URL(path, site).searchParams.get("q") ?? "";
  const found = canariesIn(text).filter((word) => word !== searched);
  const findsIssues = canariesIn(searched).length > 0 && text.includes('href="/p/');
  return findsIssues ? [...found, "an issue found by it"] : found;
}
