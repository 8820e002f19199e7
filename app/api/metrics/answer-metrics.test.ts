import { expect, test } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";
import { answerMetrics } from "./answer-metrics";

const database = useTestDatabase();
const TOKEN = "a token that nobody guesses";

async function ask(authorization: string | null, token: string | undefined) {
  const headers: HeadersInit = authorization === null ? {} : { Authorization: authorization };
  const request = new Request("https://news.example.com/api/metrics", { headers });
  const answer = await answerMetrics(request, { db: database.db, token });
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  return { answer, status: answer.status, text: await answer.text() };
}

test("whoever brings the token reads the metrics", async () => {
  const { answer, status, text } = await ask(`Bearer ${TOKEN}`, TOKEN);
  expect(status).toBe(200);
  expect(answer.headers.get("Content-Type")).toMatch(/^text\/plain/);
  expect(text).toContain("# TYPE masthead_");
});

test.each([
  ["none", null],
  ["an empty one", "Bearer "],
  ["a wrong one", "Bearer a token that somebody guessed"],
  ["a part of it", `Bearer ${TOKEN.slice(0, -1)}`],
  ["more than it", `Bearer ${TOKEN}s`],
  ["it in another way of signing in", `Basic ${TOKEN}`],
])("with %s nothing is told but that a token is wanted", async (_name, authorization) => {
  const { answer, status, text } = await ask(authorization, TOKEN);
  expect(status).toBe(401);
  expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
  expect(text).toBe("Unauthorized");
});

test.each([undefined, ""])(
  "where %j is set as the token there is nothing here, whatever is brought",
  async (token) => {
    for (const authorization of [null, "Bearer ", "Bearer undefined", `Bearer ${TOKEN}`]) {
      expect(await ask(authorization, token)).toMatchObject({ status: 404, text: "Not found" });
    }
  },
);
