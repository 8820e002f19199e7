import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { ButtonLink } from "@/app/_components/button";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { addressWith, oneOf } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getOnDesk } from "@/lib/issues/desk-queries";
import { PreviewFrame } from "./preview-frame";

export const instant = false;
export const metadata: Metadata = { title: "Preview" };

const READERS = [
  { as: "stranger", label: "A stranger" },
  { as: "subscriber", label: "A subscriber" },
  { as: "member", label: "A member" },
] as const;
const PLACES = [
  { place: "web", label: "On the web" },
  { place: "mail", label: "In the mail" },
  { place: "text", label: "Text of the mail" },
] as const;

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function PreviewPage({ params, searchParams }: Props) {
  const { id } = await params;
  await requireAuthor(`/admin/issues/${encodeURIComponent(id)}/preview`);
  if (!z.uuid().safeParse(id).success) notFound();
  const query = await searchParams;
  const place = PLACES.find((each) => each.place === oneOf(query.in))?.place ?? "web";
  const as = READERS.find((each) => each.as === oneOf(query.as))?.as ?? "stranger";
  const { issue } = await getOnDesk(getDatabase(), id);
  const reader = place !== "web" && as === "stranger" ? "subscriber" : as;
  const here = `/admin/issues/${id}/preview`;
  return (
    <DeskPage
      place="issues"
      title={`Preview: ${issue.title || "Untitled"}`}
      actions={
        <>
          <ButtonLink tone="quiet" href={`/admin/issues/${id}`}>
            The issue
          </ButtonLink>
          <ButtonLink href={`/admin/issues/${id}/edit`}>Edit</ButtonLink>
        </>
      }
    >
      <nav aria-label="Where" className="desk-tabs">
        {PLACES.map((each) => (
          <a
            key={each.place}
            href={addressWith(here, { in: each.place, as: reader })}
            {...(each.place === place && { "aria-current": "page" as const })}
          >
            {each.label}
          </a>
        ))}
      </nav>
      <nav aria-label="As whom" className="desk-tabs">
        {READERS.filter((each) => place === "web" || each.as !== "stranger").map((each) => (
          <a
            key={each.as}
            href={addressWith(here, { in: place, as: each.as })}
            {...(each.as === reader && { "aria-current": "page" as const })}
          >
            {each.label}
          </a>
        ))}
      </nav>
      <PreviewFrame
        key={`${place}-${reader}`}
        source={`${here}/${place}?as=${reader}`}
        title={`The issue as ${reader === "member" ? "a member" : `a ${reader}`} gets it`}
        place={place}
      />
    </DeskPage>
  );
}
