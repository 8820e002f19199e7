/** The number in `ML for SWEs 3: …`, `The Log #12 - …` or `Letters, issue 7`: the series' name, then the number. */
const NUMBERED =
  /^(?<series>.*?\p{L}.*?)[\s,]+(?:#|no\.?\s*|nr\.?\s*|issue\s+#?|vol\.?\s*)?(?<number>\d{1,4})\s*(?:[:–—|.]|-\s|\(|$)/iu;

export type NumberedTitle = { series: string; number: number };

/** Takes the number out of a title that looks like one of a series; null when it does not. */
export function numberedTitle(title: string): NumberedTitle | null {
  const groups = NUMBERED.exec(title.replace(/\s+/g, " ").trim())?.groups;
  const number = Number(groups?.number);
  if (!groups?.series || !Number.isInteger(number) || number < 1) return null;
  return { series: groups.series.trim(), number };
}

function sameName(a: string, b: string): boolean {
  const plain = (name: string) =>
    name
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
  return plain(a) === plain(b);
}

/** The number of an issue within the series, or null; without a series' name every numbered title counts. */
export function numberInTitle(title: string, series: string | null): number | null {
  const found = numberedTitle(title);
  if (!found || (series !== null && !sameName(found.series, series))) return null;
  return found.number;
}

/** The name that most numbered titles share; null unless it stands in at least two and in a third of all. */
export function inferSeriesName(titles: readonly string[]): string | null {
  const counted = new Map<string, { name: string; numbers: Set<number> }>();
  for (const title of titles) {
    const found = numberedTitle(title);
    if (!found) continue;
    const key = found.series.toLowerCase();
    const entry = counted.get(key) ?? { name: found.series, numbers: new Set() };
    entry.numbers.add(found.number);
    counted.set(key, entry);
  }
  const [most] = [...counted.values()].sort((a, b) => b.numbers.size - a.numbers.size);
  return most && most.numbers.size >= 2 && most.numbers.size * 3 >= titles.length ? most.name : null;
}
