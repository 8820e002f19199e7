import { expect, test } from "vitest";
import { createPublication } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { openSandbox, START } from "@/sandbox/stripe/test-stripe";
import {
  askForReconciliation,
  getReconciliationState,
  runAskedReconciliation,
  runReconciliation,
} from "./reconciliations";

const database = useTestDatabase({ emptyEachTime: true });
const services = { now: START, publicUrl: "https://gazette.example.com" };
const state = () => getReconciliationState(database.db, services);

test("who asks twice is served once, by one of several workers, and may ask again then", async () => {
  const { db } = database;
  await createPublication(db);
  const { stripe } = await openSandbox();
  const asked = await Promise.all([1, 2, 3].map(() => askForReconciliation(db, services)));
  expect(asked.filter(Boolean)).toHaveLength(1);
  expect(await state()).toMatchObject({ open: { startedAt: null }, last: null });
  const served = await Promise.all([1, 2].map(() => runAskedReconciliation(db, stripe, services)));
  expect(served.filter(Boolean)).toHaveLength(1);
  expect(await state()).toMatchObject({
    open: null,
    last: { checked: 0, changed: 0, failed: 0, error: null },
  });
  expect(await runAskedReconciliation(db, stripe, services)).toBe(false);
  expect(await askForReconciliation(db, services)).toBe(true);
});

test("a run that fails says why, and one whose process died holds up no other for long", async () => {
  const { db } = database;
  await createPublication(db);
  const { stripe, trouble } = await openSandbox();
  await trouble({ trouble: "failing" });
  await expect(runReconciliation(db, stripe, services)).rejects.toThrow();
  expect(await state()).toMatchObject({ open: null, last: { error: expect.any(String) } });
  await db.reconciliation.create({ data: { askedAt: START, startedAt: START } });
  expect(await askForReconciliation(db, services)).toBe(false);
  const later = { now: new Date(START.getTime() + 31 * 60_000) };
  expect(await askForReconciliation(db, later)).toBe(true);
});
