import { Prisma } from "@/prisma/generated/client";

/**
 * The database's clock, in the form that Prisma keeps moments (UTC without a zone). Leases and waits are measured by
 * it alone: the clocks of the machines that work here may differ or jump.
 */
export const DATABASE_NOW = Prisma.sql`(clock_timestamp() AT TIME ZONE 'UTC')`;

/** What a worker that is gone leaves behind is forgotten after a minute. */
export const WORKER_SILENT_AFTER_SECONDS = 60;

export function databaseNowPlus(seconds: number): Prisma.Sql {
  return Prisma.sql`((clock_timestamp() AT TIME ZONE 'UTC') + make_interval(secs => ${seconds}))`;
}
