import { z } from "zod";

/** What the desk answers to a save. Read by the writing page, so it imports nothing of the server. */
export const saveAnswer = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("saved"), version: z.number(), savedAt: z.string() }),
  z.object({ outcome: z.literal("conflict"), problem: z.string(), version: z.number() }),
  z.object({ outcome: z.literal("refused"), problem: z.string(), fields: z.record(z.string(), z.string()) }),
  z.object({ outcome: z.literal("signed-out") }),
]);
export type SaveAnswer = z.infer<typeof saveAnswer>;
