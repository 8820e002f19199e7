/** What a figure of the scorecard needs and gives. */
import type { RigPostgres } from "../postgres";
import { openStage, type Stage, type StageOptions } from "../stage";

export type Finding = {
  /** Of the scorecard. */
  figure: number;
  what: string;
  measured: string;
  target: string;
  met: boolean;
};

export type Lab = {
  postgres: RigPostgres;
  seeds: readonly number[];
  readers: number;
  /** Shorter troubles, for a look in passing. */
  quick: boolean;
  /** With how many of the seeds a naive worker is put beside ours. */
  naive: number;
  say(words: string): void;
};

export type Figure = { figures: readonly number[]; about: string; measure(lab: Lab): Promise<Finding[]> };

/** A stage on a database of its own, closed whatever happens. */
export async function onStage<Result>(
  lab: Lab,
  options: Omit<StageOptions, "databaseUrl" | "crashPostgres">,
  act: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const databaseUrl = await lab.postgres.createDatabase();
  const stage = await openStage({ databaseUrl, crashPostgres: lab.postgres.crash, ...options });
  try {
    return await act(stage);
  } finally {
    await stage.close();
  }
}
