import { describe, expect, test } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";

describe("a test database", () => {
  const first = useTestDatabase({ emptyEachTime: true });
  const second = useTestDatabase();
  const askedTooEarly = refusal(() => first.url);

  test("is refused while the file is being collected", () => {
    expect(askedTooEarly).toThrow("exists only inside hooks and tests");
  });

  test("is migrated", async () => {
    const rows = await first.db
      .$queryRaw`SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL`;
    expect(rows).not.toEqual([]);
  });

  test("shares no rows with another one", async () => {
    await first.db.rateLimit.create({ data: { key: "a", count: 1, windowStart: new Date(0) } });
    expect(await second.db.rateLimit.count()).toBe(0);
  });

  test("is empty again in the next test when that was asked for", async () => {
    expect(await first.db.rateLimit.count()).toBe(0);
  });
});

/** Runs now, and throws what that threw when it is called. */
function refusal(act: () => unknown): () => void {
  try {
    act();
    return () => undefined;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
