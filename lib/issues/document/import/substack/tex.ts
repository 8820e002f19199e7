/**
 * The TeX of a formula. Exports that encode their attributes twice write each backslash twice; outside environments a
 * doubled one means nothing else, so a formula that has no single one gets single ones.
 */
export function formulaOf(source: string | null): string | null {
  if (source === null || source.trim() === "") return null;
  const runs = source.match(/\\+/g) ?? [];
  const isDoubled = runs.every(({ length }) => length % 2 === 0) && /\\\\[A-Za-z]/.test(source);
  const tex = isDoubled ? source.replaceAll("\\\\", "\\") : source;
  return tex.trim();
}
