/** One line of the doctor: what was looked at, how it stands, and what to do where it does not stand well. */
export type Finding = {
  name: string;
  level: "ok" | "warn" | "fail";
  says: string;
  advice?: string;
};

export const ok = (name: string, says: string): Finding => ({ name, level: "ok", says });
export const warn = (name: string, says: string, advice: string): Finding => ({
  name,
  level: "warn",
  says,
  advice,
});
export const fail = (name: string, says: string, advice: string): Finding => ({
  name,
  level: "fail",
  says,
  advice,
});

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const nested = error instanceof AggregateError ? error.errors[0] : error.cause;
  return error.message || (nested instanceof Error ? nested.message : error.name);
}
