/** What the observer is told when it starts and while it runs. */
import { z } from "zod";
import { faultsSchema } from "./observer-faults";

export const optionsSchema = z
  .object({
    /** 0 takes any free one. */
    port: z.number().int().min(0).default(0),
    /** "none" counts and looks at nothing: for speed. `bodies` null keeps hashes alone. */
    record: z
      .union([z.literal("none"), z.object({ log: z.string(), bodies: z.string().nullable().default(null) })])
      .default("none"),
    faults: faultsSchema.prefault({}),
  })
  .strict();

export type ObserverOptions = z.infer<typeof optionsSchema>;
export type ObserverOptionsInput = z.input<typeof optionsSchema>;

const requestSchema = z.discriminatedUnion("do", [
  /** Replaces all of them: what is not named is off. */
  z.object({ do: z.literal("faults"), faults: faultsSchema }),
  z.object({ do: z.literal("counts") }),
  z.object({ do: z.literal("cut") }),
  z.object({ do: z.literal("block") }),
  z.object({ do: z.literal("unblock") }),
]);

export type ControlRequest = z.infer<typeof requestSchema>;
export type ControlRequestInput = z.input<typeof requestSchema>;

export const controlSchema = z.intersection(requestSchema, z.object({ id: z.number().int() }));

export const countsSchema = z.object({
  connections: z.number(),
  transactions: z.number(),
  /** Bodies that came whole, and those of them that were taken. */
  bodies: z.number(),
  taken: z.number(),
  /** Of `machineNow`; 0 before the first. */
  firstBodyAt: z.number(),
  lastBodyAt: z.number(),
  open: z.number(),
  memory: z.number(),
  /** Microseconds since it began. */
  cpu: z.object({ user: z.number(), system: z.number() }),
});

export type ObserverCounts = z.infer<typeof countsSchema>;
