"use client";

import { AccentField } from "./accent-field";
import { type Settings, SettingsArea, SettingsField, SettingsGroup } from "./settings-fields";

export function PublicationFields({ settings }: { settings: Settings }) {
  return (
    <>
      <SettingsGroup
        id="publication"
        title="The publication"
        about="On the home page, above every issue, in every mail and feed."
      >
        <SettingsField settings={settings} name="name" label="Name" />
        <SettingsField settings={settings} name="tagline" label="Tagline" hint="One line under the name." />
        <SettingsArea
          settings={settings}
          name="description"
          label="Description"
          hint="What it is and for whom, in a few sentences. Search engines and feeds show it too."
        />
        <div className="settings-row">
          <SettingsField
            settings={settings}
            name="seriesName"
            label="Name of the series"
            hint={`Issues are numbered in it: ${settings.values.seriesName || "…"} 12.`}
          />
          <SettingsField
            settings={settings}
            name="language"
            label="Language"
            hint="As a tag, such as en or pt-BR. Screen readers and date formats follow it."
            autoCapitalize="none"
            spellCheck={false}
          />
        </div>
      </SettingsGroup>
      <SettingsGroup
        id="author"
        title="The author"
        about="Who writes: on the home page, in feeds and previews."
      >
        <SettingsField settings={settings} name="authorName" label="Author’s name" />
        <SettingsArea
          settings={settings}
          name="authorBio"
          label="About the author"
          hint="Stands on the home page. May be empty."
        />
      </SettingsGroup>
      <SettingsGroup
        id="look"
        title="Look"
        about="One colour for buttons, links under the pointer and the small signs, on the site and in mail."
      >
        <AccentField settings={settings} />
      </SettingsGroup>
    </>
  );
}
