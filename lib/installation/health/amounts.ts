/** Amounts as a person says them. Pure. */

const STEPS = [
  [86_400, "days"],
  [3_600, "h"],
  [60, "min"],
] as const;

/** `40 s`, `12 min`, `3 h`, `2 days`: one unit, never more exact than of use. */
export function secondsInWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  for (const [size, unit] of STEPS) if (whole >= 2 * size) return `${Math.floor(whole / size)} ${unit}`;
  return `${whole} s`;
}

export function bytesInWords(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(1)} GB`;
  if (bytes >= 2 ** 20) return `${(bytes / 2 ** 20).toFixed(1)} MB`;
  return `${Math.ceil(bytes / 1_024)} kB`;
}

export function countInWords(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
