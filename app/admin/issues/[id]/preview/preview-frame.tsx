"use client";

import { useState } from "react";

type Place = "web" | "mail" | "text";

/** The preview in a frame without scripts; width, colours and pictures can be switched. */
export function PreviewFrame({
  source,
  title,
  place,
  height = "75svh",
}: {
  source: string;
  title: string;
  place: Place;
  height?: string;
}) {
  const [narrow, setNarrow] = useState(false);
  const [dark, setDark] = useState(false);
  const [pictureless, setPictureless] = useState(false);
  const address = pictureless ? `${source}&pictures=off` : source;
  return (
    <div className="grid gap-3">
      {place !== "text" && (
        <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
          <legend className="sr-only">How to show it</legend>
          <Switch label="360 pixels wide" on={narrow} set={setNarrow} />
          <Switch label="Dark" on={dark} set={setDark} />
          {place === "mail" && <Switch label="Pictures off" on={pictureless} set={setPictureless} />}
        </fieldset>
      )}
      <iframe
        key={`${address} ${dark}`}
        src={address}
        title={title}
        // No scripts and no forms; of this origin, or its style sheets and fonts would be refused as another site's.
        sandbox="allow-same-origin"
        style={{
          width: narrow ? "360px" : "100%",
          maxWidth: "100%",
          height,
          // Chromium and Firefox hand the frame's scheme on to the page inside as prefers-color-scheme.
          colorScheme: dark ? "dark" : "light",
        }}
        className="rounded border border-line bg-paper"
      />
    </div>
  );
}

function Switch({ label, on, set }: { label: string; on: boolean; set: (on: boolean) => void }) {
  return (
    <label className="flex min-h-9 items-center gap-2">
      <input type="checkbox" checked={on} onChange={(event) => set(event.target.checked)} />
      {label}
    </label>
  );
}
