import { afterEach, beforeEach, expect, test } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";
import { askForJob, askForJobsAt, askForNoMoreJobs, ensureJobSchema, JOB_NAMES, JOB_SCHEMA } from "./jobs";

const database = useTestDatabase();

beforeEach(() => askForJobsAt(database.url));
afterEach(askForNoMoreJobs);

const asked = () =>
  database.db.$queryRaw<{ name: string; data: unknown; soon: boolean }[]>`
    SELECT name, data, start_after <= now() AS soon FROM pgboss.job
    WHERE name NOT LIKE '\\_\\_%' ORDER BY created_on`;

test("every queue exists as soon as the database is migrated, and doing it again changes nothing", async () => {
  const names = async () =>
    (await database.db.$queryRaw<{ name: string }[]>`SELECT name FROM pgboss.queue`).map((row) => row.name);
  expect(await names()).toEqual(expect.arrayContaining([...JOB_NAMES]));
  const before = await names();
  await ensureJobSchema(database.url);
  expect(await names()).toEqual(before);
});

test("a job is asked for with its transaction, or not at all", async () => {
  await database.db.$transaction((tx) => askForJob(tx, "publish", { issueId: "kept" }));
  await database.db
    .$transaction(async (tx) => {
      await askForJob(tx, "publish", { issueId: "dropped" });
      throw new Error("changed its mind");
    })
    .catch(() => undefined);
  await askForJob(database.db, "prepare", { issueId: "later" }, { notBefore: new Date(Date.now() + 60_000) });
  expect(await asked()).toEqual([
    { name: "publish", data: { issueId: "kept" }, soon: true },
    { name: "prepare", data: { issueId: "later" }, soon: false },
  ]);
});

test("a lost queue spoils no transaction, and comes back whole", async () => {
  await askForJob(database.db, "notices", {});
  await database.db.$executeRawUnsafe(`DROP SCHEMA ${JOB_SCHEMA} CASCADE`);
  await database.db.$transaction(async (tx) => {
    await tx.suppression.create({ data: { emailHash: "stays", reason: "test" } });
    await askForJob(tx, "notices", {});
    await tx.suppression.create({ data: { emailHash: "stays-too", reason: "test" } });
  });
  expect(await database.db.suppression.count()).toBe(2);
  await ensureJobSchema(database.url);
  await askForJob(database.db, "notices", {});
  expect((await asked()).map((job) => job.name)).toEqual(["notices"]);
});

test("a process that named no database asks for nothing, and one without a queue goes on", async () => {
  await askForNoMoreJobs();
  await askForJob(database.db, "prune", {});
  await database.db.$executeRawUnsafe(`DROP SCHEMA ${JOB_SCHEMA} CASCADE`);
  askForJobsAt(database.url);
  await askForJob(database.db, "prune", {});
  const [{ queue } = { queue: "" }] = await database.db.$queryRaw<{ queue: string | null }[]>`
    SELECT to_regclass('pgboss.queue')::text AS queue`;
  expect(queue).toBeNull();
});
