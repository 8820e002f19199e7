/** What one look at the sending domain comes to. */
export type DomainPart = "SPF" | "DKIM" | "DMARC" | "PTR" | "MX";

export type DomainFinding = {
  part: DomainPart;
  level: "ok" | "warn" | "fail" | "unknown";
  says: string;
  /** Records as they stand. */
  found: string[];
  /** What to publish where it does not stand well. */
  publish: { type: "TXT" | "MX" | "PTR"; name: string; value: string } | null;
};

export function finding(
  part: DomainPart,
  level: DomainFinding["level"],
  says: string,
  more: Partial<Pick<DomainFinding, "found" | "publish">> = {},
): DomainFinding {
  return { part, level, says, found: [], publish: null, ...more };
}
