"use client";

import { type Settings, SettingsArea, SettingsField, SettingsGroup } from "./settings-fields";

export function MailFields({ settings, mailFrom }: { settings: Settings; mailFrom: string }) {
  const { senderName, replyTo } = settings.values;
  return (
    <SettingsGroup
      id="mail"
      title="Mail"
      about="How issues and notices arrive. Mail that is on its way already keeps what it had."
    >
      <SettingsField
        settings={settings}
        name="senderName"
        label="Sender’s name"
        hint={`Inboxes show: ${senderName || "…"} <${mailFrom}>. Who runs this installation sets the address, as MAIL_FROM.`}
      />
      <SettingsField
        settings={settings}
        name="replyTo"
        label="Replies go to"
        type="email"
        hint={replyTo ? "Make sure that somebody reads it." : `Empty: to ${mailFrom}.`}
      />
      <SettingsArea
        settings={settings}
        name="postalAddress"
        label="Postal address"
        rows={2}
        hint="At the end of every mail. The law asks for one in many countries; a post box will do."
      />
    </SettingsGroup>
  );
}
