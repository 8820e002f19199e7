import { StartFailure } from "@/sandbox/process/failure";
import { isFree, nextFreePort } from "@/sandbox/process/ports";
import type { PortName } from "./settings";

export const USUAL_PORTS: Readonly<Record<PortName, number>> = {
  PORT: 3000,
  POSTGRES_PORT: 54_320,
  MAILBOX_PORT: 8025,
  MAILBOX_SMTP_PORT: 1025,
  STRIPE_SANDBOX_PORT: 12_111,
};

export interface ChosenPorts {
  ports: Record<PortName, number>;
  /** One sentence for each port that is not the usual one because that was in use. */
  notes: string[];
}

/**
 * A port that was set is taken or refused, never changed behind one's back; the others move on to the next free one.
 * `needed` leaves out what the environment replaces. Throws StartFailure naming the variable to change.
 */
export async function choosePorts(
  set: Partial<Record<PortName, number>>,
  needed: readonly PortName[],
): Promise<ChosenPorts> {
  const ports = { ...USUAL_PORTS };
  const taken = new Set<number>();
  const notes: string[] = [];
  for (const name of needed) {
    const wanted = set[name];
    if (wanted === undefined) continue;
    if (taken.has(wanted)) throw new StartFailure(`${name}: port ${wanted} was given to two services.`);
    if (!(await isFree(wanted))) {
      throw new StartFailure(
        `Port ${wanted} cannot be had: it is in use${wanted < 1024 ? " or kept for root" : ""}. Set ${name} to another one, or leave\n` +
          "it unset to get the next free one.",
      );
    }
    ports[name] = wanted;
    taken.add(wanted);
  }
  for (const name of needed) {
    if (set[name] !== undefined) continue;
    const port = await nextFreePort(USUAL_PORTS[name], taken);
    ports[name] = port;
    taken.add(port);
    if (port !== USUAL_PORTS[name]) notes.push(`Port ${USUAL_PORTS[name]} is in use, so ${name} is ${port}.`);
  }
  return { ports, notes };
}
