"use client";

import { readable } from "@/app/_components/accent";
import { type Settings, SettingsField } from "./settings-fields";

const THEMES = [
  { theme: "light", words: "On light paper", paper: "#fcfaf6", ink: "#ffffff" },
  { theme: "dark", words: "On dark paper", paper: "#191714", ink: "#191714" },
] as const;

/** The accent, picked or typed, with how it comes out on both papers. */
export function AccentField({ settings }: { settings: Settings }) {
  const typed = settings.values.accentColor ?? "";
  const isColor = /^#[0-9a-f]{6}$/i.test(typed);
  return (
    <div className="grid gap-3">
      <div className="settings-accent">
        <SettingsField
          settings={settings}
          name="accentColor"
          label="Accent colour"
          hint="Written as #b3331d."
          className="font-mono"
          spellCheck={false}
        />
        <input
          type="color"
          aria-label="Pick the accent colour"
          value={isColor ? typed.toLowerCase() : "#b3331d"}
          onChange={(event) => settings.set("accentColor", event.target.value)}
        />
      </div>
      {isColor && (
        <ul className="settings-swatches">
          {THEMES.map(({ theme, words, paper, ink }) => {
            const shown = readable(typed.toLowerCase(), theme);
            return (
              <li key={theme} style={{ background: paper, color: shown }}>
                <span className="settings-swatch-button" style={{ background: shown, color: ink }}>
                  Subscribe
                </span>
                <span>
                  {words}:{" "}
                  {shown === typed.toLowerCase()
                    ? "as chosen, it reads well."
                    : `shown as ${shown}, or nobody could read it.`}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
