"use client";

import { Notice } from "@/app/_components/notice";
import { formatPrice, readAmount, yearlySaving } from "@/lib/publication/format";
import { CURRENCIES } from "@/lib/publication/schema";
import { type Settings, SettingsChoice, SettingsField, SettingsGroup, type Values } from "./settings-fields";

export function MembershipFields({ settings, members }: { settings: Settings; members: number }) {
  const changes = consequences(settings.saved, settings.values, members);
  return (
    <>
      <SettingsGroup
        id="membership"
        title="Membership"
        about="What members pay and get. Stripe charges it; a change never touches what somebody agreed to already."
      >
        <div className="settings-row">
          <SettingsField settings={settings} name="price" label="Price a month" inputMode="decimal" />
          <SettingsField
            settings={settings}
            name="yearlyPrice"
            label="Price a year"
            inputMode="decimal"
            hint={yearlyHint(settings.values)}
          />
          <SettingsChoice
            settings={settings}
            name="currency"
            label="Currency"
            options={CURRENCIES.map((currency) => [currency, currency.toUpperCase()] as const)}
          />
        </div>
        <div className="settings-row">
          <SettingsField
            settings={settings}
            name="trialDays"
            label="Days of trial"
            inputMode="numeric"
            hint="0: no trial. Nobody gets a second one."
          />
          <SettingsField
            settings={settings}
            name="graceDays"
            label="Days of grace"
            inputMode="numeric"
            hint="How long a member reads on after a payment failed. Holds for everybody at once."
          />
        </div>
        <div aria-live="polite">
          {changes.length > 0 && (
            <Notice title="When you save this">
              <ul className="list-disc pl-5">
                {changes.map((change) => (
                  <li key={change}>{change}</li>
                ))}
              </ul>
            </Notice>
          )}
        </div>
      </SettingsGroup>
      <SettingsGroup
        id="archive"
        title="Archive"
        about="Free issues can become members’ issues with age. An issue that you marked to stay open stays open."
      >
        <SettingsField
          settings={settings}
          name="lockAfterDays"
          label="Days until free issues lock"
          inputMode="numeric"
          hint="Empty: they never lock. Counted from the day of publication; a change holds at once, for old issues too."
        />
      </SettingsGroup>
    </>
  );
}

const amountsOf = ({ price = "", yearlyPrice = "", currency = "usd" }: Values) => ({
  currency,
  monthly: readAmount(price, currency),
  yearly: readAmount(yearlyPrice, currency),
});

function yearlyHint(values: Values): string {
  const { monthly, yearly } = amountsOf(values);
  if (monthly === null || yearly === null) return "Charged once a year. Empty: not offered.";
  if (yearly > 12 * monthly) return "More than twelve single months: nobody would choose it.";
  const saving = yearlySaving(monthly, yearly);
  return saving ? `Readers see: ${saving}.` : "About as much as twelve single months.";
}

function inWords(values: Values): string | null {
  const { monthly, yearly, currency } = amountsOf(values);
  if (monthly === null) return null;
  const month = formatPrice(monthly, currency, 1);
  return yearly === null ? month : `${month} or ${formatPrice(yearly, currency, 12)}`;
}

function consequences(saved: Values, values: Values, members: number): string[] {
  const [before, after] = [inWords(saved), inWords(values)];
  const said: string[] = [];
  if (before && after && before !== after) {
    const those =
      members === 1
        ? "The 1 member you have keeps"
        : `The ${members.toLocaleString("en")} members you have keep`;
    said.push(`New members pay ${after} instead of ${before}.`);
    if (members > 0) said.push(`${those} the price they joined at, also those in their trial.`);
    said.push(
      "Published issues keep the price they were published with; the site and new issues show the new one.",
    );
  }
  if (values.trialDays !== saved.trialDays && /^\d+$/.test(values.trialDays ?? ""))
    said.push(
      "The new length holds for trials that begin from now on. Running trials end when they were to end.",
    );
  return said;
}
