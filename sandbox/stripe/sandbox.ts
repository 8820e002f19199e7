import type { Clock } from "./clock";
import type { EventLog } from "./events";
import type { Faults } from "./faults";
import type { State } from "./state";

/** What every part of the sandbox works on. */
export interface Sandbox {
  state: State;
  clock: Clock;
  events: EventLog;
  faults: Faults;
  /** Where people and the app reach it, without a slash at the end. */
  publicUrl: string;
}
