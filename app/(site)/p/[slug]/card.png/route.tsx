import { ImageResponse } from "next/og";
import { loadStrangersIssue } from "@/app/(site)/public-data";
import { CARD_SIZE, cardFonts, IssueCardPicture, printable } from "../../../_issue/card-picture";

/** The picture that goes with a shared link: title, series and name, which are public for every issue. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ slug: string }> },
): Promise<Response> {
  const { slug } = await params;
  const issue = /^[a-z0-9-]{1,100}$/.test(slug) ? await loadStrangersIssue(slug) : null;
  if (!issue)
    return new Response("There is no such issue.\n", {
      status: 404,
      headers: { "Cache-Control": "public, max-age=60", "Content-Type": "text/plain; charset=utf-8" },
    });
  const { publication } = issue;
  const series = issue.number === null ? publication.seriesName : `${publication.seriesName} ${issue.number}`;
  const words = {
    title: printable(issue.title),
    series: printable(series),
    name: printable(publication.name),
    author: printable(publication.authorName),
  };
  return new ImageResponse(<IssueCardPicture {...words} accent={publication.accentColor} />, {
    ...CARD_SIZE,
    fonts: await cardFonts(Object.values(words).join("")),
    headers: { "Cache-Control": "public, max-age=3600, s-maxage=3600, stale-while-revalidate=86400" },
  });
}
