/**
 * Milliseconds of the machine's monotonic clock, which every process on it shares: moments that two processes noted
 * can be compared, and no correction of the time of day moves them.
 */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
