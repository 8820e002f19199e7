"use client";

import { useState } from "react";

const WIDTHS = { desk: "100%", phone: "360px" } as const;
type Width = keyof typeof WIDTHS;

/** The preview in a frame without scripts; width, colours and pictures can be switched. */
export function PreviewFrame({ source, title, switches }: { source: string; title: string; switches: boolean }) {
  const [width, setWidth] = useState<Width>("desk");
  const [dark, setDark] = useState(false);
  const [pictures, setPictures] = useState(true);
  const address = `${source}&scheme=${dark ? "dark" : "light"}${pictures ? "" : "&pictures=off"}`;
  return (
    <div className="grid gap-3">
      {switches && (
        <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
          <legend className="sr-only">How to show it</legend>
          <label className="flex min-h-9 items-center gap-2">
            <input
              type="checkbox"
              checked={width === "phone"}
              onChange={(event) => setWidth(event.target.checked ? "phone" : "desk")}
            />
            360 pixels wide
          </label>
          <label className="flex min-h-9 items-center gap-2">
            <input type="checkbox" checked={dark} onChange={(event) => setDark(event.target.checked)} />
            Dark
          </label>
          <label className="flex min-h-9 items-center gap-2">
            <input type="checkbox" checked={!pictures} onChange={(event) => setPictures(!event.target.checked)} />
            Pictures off
          </label>
        </fieldset>
      )}
      <iframe
        key={address}
        src={address}
        title={title}
        sandbox=""
        style={{ width: WIDTHS[width], maxWidth: "100%", colorScheme: dark ? "dark" : "light" }}
        className="h-[75svh] rounded border border-line bg-paper"
      />
    </div>
  );
}
