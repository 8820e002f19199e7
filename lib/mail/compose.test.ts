import { expect, test } from "vitest";
import { contextFor } from "@/lib/issues/document/document.fixture";
import { createPublication } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { composeIssue } from "./compose";

const database = useTestDatabase();

test("what the teaser mail offers is true for those too who had their trial", async () => {
  const publication = await createPublication(database.db, { trialDays: 7 });
  const { html, text } = await composeIssue({
    title: "Drift",
    subtitle: "",
    subject: "",
    preheader: "",
    slug: "drift",
    number: null,
    publishedAt: new Date("2026-11-20T09:00:00Z"),
    document: { type: "doc", content: [{ type: "upgradeButton", attrs: { label: null } }] },
    wall: true,
    context: contextFor("subscriber"),
    publication,
  });
  for (const mail of [html, text]) {
    expect(mail).toContain("Become a member for");
    expect(mail).not.toMatch(/free trial/i);
    expect(mail.replaceAll(/\s+/g, " ")).toContain("if you have not had a trial before");
  }
});
