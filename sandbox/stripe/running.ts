import type { Chaos } from "./chaos";
import type { Sandbox } from "./sandbox";
import type { Storage } from "./storage";
import type { Timeline } from "./timeline";
import type { Webhooks } from "./webhooks";

/** A sandbox with what carries it through time. */
export interface Running {
  sandbox: Sandbox;
  timeline: Timeline;
  webhooks: Webhooks;
  chaos: Chaos;
  storage: Storage;
}
