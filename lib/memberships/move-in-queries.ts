/** Who moves in and how far that is, for the desk and the command. Changes nothing. */
import type { Database } from "@/lib/db";
import type { MoveIn, Prisma } from "@/prisma/generated/client";
import { type Candidate, readCandidates } from "./move-in-match";

/** The parts of the report, in the order in which they ask for the author. */
export const MOVE_IN_PARTS = ["decisions", "proposals", "waiting", "moved", "guests", "left"] as const;
export type MoveInPart = (typeof MOVE_IN_PARTS)[number];

const STATES = {
  decisions: ["UNDECIDED"],
  proposals: ["PROPOSED"],
  waiting: ["WAITING", "MOVING"],
  moved: ["MOVED"],
  guests: ["GUEST"],
  left: ["LEFT"],
} as const satisfies Record<MoveInPart, readonly MoveIn["state"][]>;

export type MoveInCounts = Record<MoveInPart, number> & {
  /** Of the guests: comped and gifted by the list. */
  comped: number;
  gifted: number;
  /** Came with a list that says nothing of money. */
  free: number;
};

export async function countMoveIns(db: Database): Promise<MoveInCounts> {
  const [groups, free] = await Promise.all([
    db.moveIn.groupBy({ by: ["kind", "state"], _count: { _all: true } }),
    db.subscriber.count({ where: { source: "import", moveIn: null } }),
  ]);
  const sum = (fits: (group: (typeof groups)[number]) => boolean) =>
    groups.filter(fits).reduce((total, group) => total + group._count._all, 0);
  const part = (name: MoveInPart) => sum(({ state }) => STATES[name].some((each) => each === state));
  return {
    decisions: part("decisions"),
    proposals: part("proposals"),
    waiting: part("waiting"),
    moved: part("moved"),
    guests: part("guests"),
    left: part("left"),
    comped: sum(({ kind, state }) => kind === "COMP" && state === "GUEST"),
    gifted: sum(({ kind, state }) => kind === "GIFT" && state === "GUEST"),
    free,
  };
}

export type MoveInRow = Omit<MoveIn, "candidates"> & {
  email: string;
  name: string;
  candidates: Candidate[];
};

export type MoveInList = { rows: MoveInRow[]; total: number; page: number; pageCount: number };

const PAGE_SIZE = 50;

/** By address. Pages count from 1; one past the end shows the last. */
export async function listMoveIns(
  db: Database,
  filter: { part?: MoveInPart; search?: string; page?: number; pageSize?: number },
): Promise<MoveInList> {
  const pageSize = filter.pageSize ?? PAGE_SIZE;
  const where = whereOf(filter);
  const total = await db.moveIn.count({ where });
  const pageCount = Math.max(1, Math.ceil(total / pageSize));
  const page = Math.min(Math.max(1, Math.trunc(filter.page ?? 1) || 1), pageCount);
  const rows = await db.moveIn.findMany({
    where,
    include: { subscriber: { select: { email: true, name: true } } },
    orderBy: { subscriber: { email: "asc" } },
    skip: (page - 1) * pageSize,
    take: pageSize,
  });
  return {
    rows: rows.map(({ subscriber, candidates, ...row }) => ({
      ...row,
      ...subscriber,
      candidates: readCandidates(candidates),
    })),
    total,
    page,
    pageCount,
  };
}

function whereOf({ part, search }: { part?: MoveInPart; search?: string }): Prisma.MoveInWhereInput {
  const words = search?.trim().slice(0, 200) ?? "";
  const contains = { contains: words.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  return {
    ...(part && { state: { in: [...STATES[part]] } }),
    ...(words !== "" && { subscriber: { OR: [{ email: contains }, { name: contains }] } }),
  };
}
