/**
 * Draws the pictures of the sample issues from numbers it computes, with seeded chance: the same bytes of chart each
 * time. Run by hand after a change: `tsx prisma/sample/draw-charts.ts`; the results are kept in `images/`.
 */
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { halfWidths, quantisationErrors, scoreShares } from "./chart-numbers";

const INK = "#2b2a27";
const SOFT = "#8b877e";
const GRID = "#e4e0d8";
const COLOURS = ["#b3331d", "#2f5d8a", "#6b8e4e"] as const;
const WIDTH = 960;
const HEIGHT = 540;
const PLOT = { left: 96, right: 930, top: 70, bottom: 456 } as const;

type Line = { name: string; points: readonly (readonly [x: number, y: number])[] };
type Axis = {
  label: string;
  ticks: readonly number[];
  place: (value: number) => number;
  print: (value: number) => string;
};

function words(x: number, y: number, value: string, style = "", anchor = "start"): string {
  const escaped = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" ${style}>${escaped}</text>`;
}

function frame(title: string, x: Axis, y: Axis, body: string): string {
  const rows = y.ticks.map((tick) => {
    const at = y.place(tick).toFixed(1);
    return `<path d="M${PLOT.left} ${at}H${PLOT.right}" stroke="${GRID}"/>${words(PLOT.left - 14, y.place(tick) + 6, y.print(tick), `fill="${SOFT}"`, "end")}`;
  });
  const columns = x.ticks.map((tick) =>
    words(x.place(tick), PLOT.bottom + 30, x.print(tick), `fill="${SOFT}"`, "middle"),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="Liberation Sans, Arial, sans-serif" font-size="18" fill="${INK}">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fffdf9"/>
${words(PLOT.left, 36, title, 'font-size="23" font-weight="bold"')}
${rows.join("")}${columns.join("")}
${words((PLOT.left + PLOT.right) / 2, HEIGHT - 20, x.label, "", "middle")}
${words(PLOT.left, 60, y.label, `fill="${SOFT}" font-size="16"`)}
${body}</svg>`;
}

function drawLines(lines: readonly Line[], x: Axis, y: Axis): string {
  return lines
    .map(({ name, points }, index) => {
      const colour = COLOURS[index % COLOURS.length];
      const path = points.map(([px, py]) => `${x.place(px).toFixed(1)} ${y.place(py).toFixed(1)}`).join("L");
      const dots = points.map(
        ([px, py]) =>
          `<circle cx="${x.place(px).toFixed(1)}" cy="${y.place(py).toFixed(1)}" r="5" fill="${colour}"/>`,
      );
      const legend =
        lines.length > 1
          ? words(PLOT.right - 14, 96 + index * 26, name, `fill="${colour}" font-weight="bold"`, "end")
          : "";
      return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="3"/>${dots.join("")}${legend}`;
    })
    .join("");
}

function logAxis(
  label: string,
  from: number,
  to: number,
  start: number,
  end: number,
  ticks: readonly number[],
  print: (value: number) => string,
): Axis {
  const place = (value: number) =>
    start + ((Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))) * (end - start);
  return { label, ticks, place, print };
}

function linearAxis(
  label: string,
  from: number,
  to: number,
  start: number,
  end: number,
  ticks: readonly number[],
  print: (value: number) => string,
): Axis {
  return { label, ticks, place: (value) => start + ((value - from) / (to - from)) * (end - start), print };
}

function evaluationChart(): string {
  const x = logAxis(
    "Examples in the test set (log scale)",
    40,
    6_000,
    PLOT.left + 20,
    PLOT.right - 20,
    [50, 100, 200, 500, 1_000, 2_000, 5_000],
    String,
  );
  const y = linearAxis(
    "points either side, 95% interval",
    0,
    12,
    PLOT.bottom,
    PLOT.top,
    [0, 3, 6, 9, 12],
    String,
  );
  const points = halfWidths(0.8).map(({ examples, halfWidth }) => [examples, halfWidth * 100] as const);
  return frame(
    "How far an accuracy of 80% may be from the truth",
    x,
    y,
    drawLines([{ name: "", points }], x, y),
  );
}

function quantisationChart(): string {
  const x = linearAxis(
    "Bits per weight",
    2.8,
    8.2,
    PLOT.left + 20,
    PLOT.right - 20,
    [3, 4, 5, 6, 7, 8],
    String,
  );
  const y = logAxis(
    "relative error of the weights (log scale)",
    0.002,
    2,
    PLOT.bottom,
    PLOT.top,
    [0.005, 0.02, 0.1, 0.5, 2],
    (value) => `${value * 100}%`,
  );
  const lines = quantisationErrors().map(({ name, errors }) => ({
    name,
    points: errors.map(({ bits, error }) => [bits, error] as const),
  }));
  return frame("One scale for all, per row, or per 64 weights", x, y, drawLines(lines, x, y));
}

function driftChart(): string {
  const shares = scoreShares();
  const x = linearAxis("Decile of the launch week's scores", 0, 10, PLOT.left, PLOT.right, [], String);
  const y = linearAxis(
    "share of requests",
    0,
    0.3,
    PLOT.bottom,
    PLOT.top,
    [0, 0.1, 0.2, 0.3],
    (value) => `${Math.round(value * 100)}%`,
  );
  const bars = shares.map(({ launch, now }, index) => {
    const left = x.place(index) + 10;
    const bar = (at: number, share: number, colour: string) =>
      `<rect x="${at.toFixed(1)}" y="${y.place(share).toFixed(1)}" width="30" height="${(PLOT.bottom - y.place(share)).toFixed(1)}" fill="${colour}"/>`;
    return (
      bar(left, launch, COLOURS[1]) +
      bar(left + 32, now, COLOURS[0]) +
      words(left + 31, PLOT.bottom + 30, String(index + 1), `fill="${SOFT}"`, "middle")
    );
  });
  const legend =
    words(PLOT.left + 14, 96, "launch week", `fill="${COLOURS[1]}" font-weight="bold"`) +
    words(PLOT.left + 14, 122, "nine weeks later", `fill="${COLOURS[0]}" font-weight="bold"`);
  return frame("The same model, the same code, other customers", x, y, bars.join("") + legend);
}

const CHARTS = {
  "evaluation-noise": evaluationChart,
  "bits-and-error": quantisationChart,
  "score-drift": driftChart,
};

for (const [name, draw] of Object.entries(CHARTS)) {
  const file = fileURLToPath(new URL(`images/${name}.png`, import.meta.url));
  await sharp(Buffer.from(draw())).png({ palette: true, colours: 64, compressionLevel: 9 }).toFile(file);
}
