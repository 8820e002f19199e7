import localFont from "next/font/local";

/** The Latin alphabet of each face, preloaded; `more-alphabets.css` holds the rest, loaded where a page needs it. */

export const serif = localFont({
  src: [
    {
      path: "../../node_modules/@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-normal.woff2",
      style: "normal",
      weight: "200 900",
    },
    {
      path: "../../node_modules/@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2",
      style: "italic",
      weight: "200 900",
    },
  ],
  variable: "--font-serif-latin",
  adjustFontFallback: "Times New Roman",
  fallback: ["Georgia", "serif"],
});

export const sans = localFont({
  src: "../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-sans-latin",
  adjustFontFallback: "Arial",
  fallback: ["system-ui", "sans-serif"],
});

export const mono = localFont({
  src: "../../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  weight: "100 800",
  variable: "--font-mono-latin",
  adjustFontFallback: false,
  preload: false,
  fallback: ["ui-monospace", "monospace"],
});
