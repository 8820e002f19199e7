import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { mono, sans, serif } from "./_components/fonts";
import "./globals.css";

export const metadata: Metadata = { formatDetection: { telephone: false } };

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fcfaf6" },
    { media: "(prefers-color-scheme: dark)", color: "#191714" },
  ],
};

/** Knows no data, so that it can be built before there is a database. The interface speaks English. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className={`${serif.variable} ${sans.variable} ${mono.variable}`}>
      <body>{children}</body>
    </html>
  );
}
