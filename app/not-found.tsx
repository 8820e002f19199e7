import type { Metadata } from "next";
import { LostPage } from "./_components/lost-page";

export const metadata: Metadata = { title: "Not found", robots: { index: false } };

export default function NotFound() {
  return (
    <LostPage
      title="There is nothing at this address"
      lead="The link may be mistyped, or the issue was withdrawn. The archive has everything that is published."
    />
  );
}
