/** How the installation does at this moment, for the author's page. Reads only. Throws where the database is away. */
import type { Database } from "@/lib/db";
import { getEnv } from "@/lib/env";
import manifest from "@/package.json";
import { getVitals } from "../vitals";
import { readHealthFacts } from "./facts";
import { type HealthSection, judgeHealth } from "./judge";

export type Health = {
  sections: HealthSection[];
  /** How many lines do not stand well. */
  wrong: number;
};

export async function readHealth(db: Database): Promise<Health> {
  const [vitals, facts] = await Promise.all([
    getVitals(db),
    readHealthFacts(db, { mediaFolder: getEnv().MEDIA_FOLDER, now: () => new Date() }),
  ]);
  const sections = judgeHealth(vitals, facts, { masthead: manifest.version, node: process.versions.node });
  const wrong = sections.flatMap(({ findings }) => findings).filter(({ level }) => level !== "ok").length;
  return { sections, wrong };
}
