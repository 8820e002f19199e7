/** The numbers behind the sample issues' charts. Chance is seeded, so they are the same on every run. */

/** Half of the 95% interval of a proportion, by the normal approximation. */
export function halfWidths(proportion: number): { examples: number; halfWidth: number }[] {
  return [50, 100, 200, 500, 1_000, 2_000, 5_000].map((examples) => ({
    examples,
    halfWidth: 1.96 * Math.sqrt((proportion * (1 - proportion)) / examples),
  }));
}

/** Mulberry32: a small generator whose whole state is one number. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const ROWS = 256;
const COLUMNS = 1_024;

/** Rows of different size, and one weight in a thousand eight times larger than its neighbours. */
function weights(): Float64Array {
  const random = seeded(20_261_023);
  const matrix = new Float64Array(ROWS * COLUMNS);
  for (let row = 0; row < ROWS; row += 1) {
    const size = 0.02 * Math.exp(0.5 * gaussian(random));
    for (let column = 0; column < COLUMNS; column += 1) {
      const outlier = random() < 0.001 ? 8 : 1;
      matrix[row * COLUMNS + column] = gaussian(random) * size * outlier;
    }
  }
  return matrix;
}

/** Root mean square error after rounding to `bits`, relative to the weights, with one scale for each `group`. */
function relativeError(matrix: Float64Array, bits: number, group: number): number {
  const steps = 2 ** (bits - 1) - 1;
  let error = 0;
  let size = 0;
  for (let start = 0; start < matrix.length; start += group) {
    const values = matrix.subarray(start, start + group);
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / steps;
    for (const value of values) {
      error += (value - Math.round(value / scale) * scale) ** 2;
      size += value ** 2;
    }
  }
  return Math.sqrt(error / size);
}

/** The error of each way to share a scale, at three to eight bits. */
export function quantisationErrors(): { name: string; errors: { bits: number; error: number }[] }[] {
  const matrix = weights();
  const ways = [
    { name: "one scale for the matrix", group: ROWS * COLUMNS },
    { name: "one scale per row", group: COLUMNS },
    { name: "one scale per 64 weights", group: 64 },
  ];
  return ways.map(({ name, group }) => ({
    name,
    errors: [3, 4, 5, 6, 7, 8].map((bits) => ({ bits, error: relativeError(matrix, bits, group) })),
  }));
}

/** Shares of requests per decile of the launch week's scores, then and nine weeks later. */
export function scoreShares(): { launch: number; now: number }[] {
  const random = seeded(20_261_113);
  const draw = (mean: number, spread: number) =>
    Array.from({ length: 20_000 }, () => mean + spread * gaussian(random));
  const launch = draw(0, 1).sort((a, b) => a - b);
  const now = draw(0.35, 1.15);
  const edges = Array.from({ length: 9 }, (_, index) => launch[(index + 1) * 2_000] ?? 0);
  const share = (scores: readonly number[], decile: number) =>
    scores.filter((score) => score >= (edges[decile - 1] ?? -Infinity) && score < (edges[decile] ?? Infinity))
      .length / scores.length;
  return Array.from({ length: 10 }, (_, decile) => ({
    launch: share(launch, decile),
    now: share(now, decile),
  }));
}
