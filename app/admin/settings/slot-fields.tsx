"use client";

import { useEffect, useState } from "react";
import { type Settings, SettingsChoice, SettingsField, SettingsGroup } from "./settings-fields";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map(
  (day, index) => [String(index + 1), day] as const,
);
const REST_MS = 300;

export function SlotFields({
  settings,
  slots,
  timeZones,
}: {
  settings: Settings;
  slots: readonly string[];
  timeZones: readonly string[];
}) {
  const { values, saved } = settings;
  const isNew = ["slotWeekday", "slotTime", "timeZone"].some((name) => values[name] !== saved[name]);
  const chosen = useSlots(values, isNew);
  const shown = isNew ? chosen : slots;
  return (
    <SettingsGroup
      id="slot"
      title="Weekly slot"
      about="When the next issue goes out, unless you choose another moment for it. It stays at this time of day when clocks change. Issues that are scheduled already keep their moment."
    >
      <div className="settings-row">
        <SettingsChoice settings={settings} name="slotWeekday" label="Day" options={DAYS} />
        <SettingsField settings={settings} name="slotTime" label="Time" type="time" />
      </div>
      <SettingsField
        settings={settings}
        name="timeZone"
        label="Time zone"
        hint="By the name of a city, such as Europe/London. Dates on the site follow it too."
        list="time-zones"
        autoComplete="off"
        spellCheck={false}
      />
      <datalist id="time-zones">
        {timeZones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <SettingsField
        settings={settings}
        name="catchUpHours"
        label="Hours that an issue may be late"
        hint="When nothing ran at its moment, it still goes out by itself so many hours later. After that you are asked first."
        type="number"
        min={1}
        max={168}
      />
      <div aria-live="polite">
        <h3 className="text-sm font-medium">
          {isNew ? "With this, the next three slots are" : "The next three slots"}
        </h3>
        {shown.length > 0 ? (
          <ol className="desk-soft">
            {shown.map((slot) => (
              <li key={slot}>{slot}</li>
            ))}
          </ol>
        ) : (
          <p className="desk-soft">Choose a day, a time and a time zone to see them.</p>
        )}
      </div>
    </SettingsGroup>
  );
}

/** Asked of the server, which alone reckons slots. */
function useSlots(values: Settings["values"], isNew: boolean): readonly string[] {
  const [slots, setSlots] = useState<readonly string[]>([]);
  const { slotWeekday = "", slotTime = "", timeZone = "" } = values;
  useEffect(() => {
    if (!isNew) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const query = new URLSearchParams({ slotWeekday, slotTime, timeZone });
        const answer = await fetch(`/admin/settings/slots?${query}`, { signal: stop.signal });
        const { slots: found } = (await answer.json()) as { slots: string[] };
        setSlots(found);
      } catch {
        // Only a look ahead: without an answer there is nothing to show, and saving says what is wrong.
        if (!stop.signal.aborted) setSlots([]);
      }
    }, REST_MS);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [isNew, slotWeekday, slotTime, timeZone]);
  return slots;
}
