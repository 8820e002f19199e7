const WIDTH = 280;
const HEIGHT = 72;
const PAD = 4;

/** A small line of few numbers, with the same numbers as a table for those who cannot see it. */
export function LineChart({ label, points }: { label: string; points: { name: string; value: number }[] }) {
  const values = points.map((point) => point.value);
  const highest = Math.max(...values, 1);
  const lowest = Math.min(...values, highest);
  const spread = highest - lowest || 1;
  const place = (value: number, index: number) => {
    const x = PAD + (index / Math.max(1, points.length - 1)) * (WIDTH - 2 * PAD);
    const y = HEIGHT - PAD - ((value - lowest) / spread) * (HEIGHT - 2 * PAD);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  return (
    <figure>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        aria-hidden="true"
        className="h-20 w-full"
        preserveAspectRatio="none"
      >
        <polyline
          points={values.map(place).join(" ")}
          fill="none"
          stroke="var(--accent)"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
          strokeLinejoin="round"
        />
      </svg>
      <figcaption className="desk-soft flex flex-wrap justify-between gap-x-4 text-[0.8125rem]">
        <span>{label}</span>
        <span aria-hidden="true">
          {points[0]?.value.toLocaleString("en")} → {points.at(-1)?.value.toLocaleString("en")}
        </span>
      </figcaption>
      <div className="sr-only">
        <table>
          <caption>{label}</caption>
          <tbody>
            {points.map((point) => (
              <tr key={point.name}>
                <th scope="row">{point.name}</th>
                <td>{point.value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
