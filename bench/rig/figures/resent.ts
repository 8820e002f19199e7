/**
 * Figure 2 by the setting: workers that mail the uncertain again by themselves, under kills and cuts. Postgres notes each
 * row at the moment in which it becomes uncertain, since nobody lists it for long.
 */
import type { BlowOrder } from "../blows";
import { planBlows } from "../blows";
import { noteUncertain, readUncertain } from "../ledger";
import { judge, sendUnderBlows, waitUntilSettled } from "../run";
import { statesInWords, wordsOf } from "../words";
import { type Figure, onStage } from "./figure";

const CONNECTIONS = 10;
/** As long as a mail server nearby takes for its disk. */
const FAULTS = { dotDelayMs: 2 };
/** Longer than a worker takes to look for what is uncertain, several times over. */
const LIMIT_MS = 90_000;

export const resent: Figure = {
  figures: [2],
  about: "kills and cut connections where UNCERTAIN_POLICY is resend",
  async measure({ readers, seeds: [seed = 1], quick, ...lab }) {
    const order = { kill: { times: quick ? 5 : 20 }, cut: { times: 2 } } satisfies BlowOrder;
    const options = {
      readers,
      connections: CONNECTIONS,
      faults: FAULTS,
      environment: { UNCERTAIN_POLICY: "resend" },
    };
    return onStage({ readers, seeds: [seed], quick, ...lab }, options, async (stage) => {
      await noteUncertain(stage.databaseUrl);
      const blows = planBlows(seed, readers, order);
      const sending = await sendUnderBlows(stage, { blows });
      await waitUntilSettled(stage, sending.issueId, { uncertainWaits: true, limitMs: LIMIT_MS });
      const noted = await readUncertain(stage.databaseUrl, sending.issueId);
      const verdict = await judge(stage, sending, { resent: noted });
      const { anomalies, states, duplicatedInWindow: twice, count } = verdict;
      const window = CONNECTIONS * blows.length;
      const { kill = 0, cut = 0 } = sending.deeds.done;
      const lost = anomalies.lost.length + anomalies.falseSent.length + (states.FAILED ?? 0);
      return [
        {
          figure: 2,
          what: `mailed twice, policy resend by the setting (${readers} readers, seed ${seed}, ${kill} kills, ${cut} cuts, ${CONNECTIONS} connections)`,
          measured: `${twice}, ${anomalies.duplicatedOutside.length} outside the dot window; ${noted.size} had been uncertain; lost ${lost}; ${statesInWords(states)}; anomalies: ${wordsOf(verdict)}`,
          target: `lost 0, at most ${window}, none outside the dot window, nothing uncertain`,
          met:
            lost === 0 &&
            count === 0 &&
            twice <= window &&
            noted.size > 0 &&
            (states.UNCERTAIN ?? 0) === 0 &&
            kill + cut === blows.length,
        },
      ];
    });
  },
};
