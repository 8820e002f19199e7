import type { ImportReport as IssuesReport } from "@/lib/issues/import-issues";
import type { MoveInRun } from "@/lib/memberships/move-in";
import type { GuestCounts } from "@/lib/memberships/move-in-guests";
import type { ImportReport as ListReport } from "@/lib/subscribers/import-csv";

/** The lines, one JSON object each, that an import answers with while it works; the last is a report or a problem. */
export type ImportLine =
  | { share: number; words: string }
  | { issues: IssuesReport }
  | { list: ListReport & { guests: GuestCounts } }
  | { moves: MoveInRun }
  | { problem: string; signedOut?: true };
