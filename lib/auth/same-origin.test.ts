import { expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { requireSameOrigin } from "./same-origin";

const PUBLIC_URL = "https://weekly.example/";
const withOrigin = (origin: string | null) => ({ get: () => origin });

it("takes a form of our own site", () => {
  expect(() => requireSameOrigin(withOrigin("https://weekly.example"), PUBLIC_URL)).not.toThrow();
});

it.each([
  [null],
  ["null"],
  [""],
  ["http://weekly.example"],
  ["https://weekly.example.evil.test"],
  ["https://evil.test"],
  ["https://weekly.example:8443"],
])("refuses a form from %j", (origin) => {
  expect(() => requireSameOrigin(withOrigin(origin), PUBLIC_URL)).toThrow(DomainError);
});
