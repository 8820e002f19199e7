import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { DECLINES } from "../cards";
import { chaosShape, TURNS, type Turn } from "../chaos";
import { type Fault, faultShape, TROUBLES } from "../faults";
import type { Running } from "../running";

/** A switch was set to something that it cannot be; the message says what to write. */
export class SwitchRefusal extends Error {}

/** The fault switch and the chaos switch, with what they are set to. */
export function switches({ sandbox: { faults }, chaos }: Running): Markup {
  const set = faults.list();
  return markup`<div class="two">
<details class="card"${set.length > 0 && markup` open`}><summary><strong>Faults</strong>: ${set.length === 0 ? "all is well" : `${set.length} set`}</summary>
${set.length > 0 && markup`<ul>${set.map((fault) => markup`<li>${faultWords(fault)}</li>`)}</ul><form method="post"><button name="action" value="endFaults">End all faults</button></form>`}
${faultForm()}</details>
<details class="card"${chaos.isOn() && markup` open`}><summary><strong>Webhook chaos</strong>: ${chaos.isOn() ? "on" : "off"}</summary>
${chaosForm(chaos)}</details>
</div>`;
}

function faultWords({ trouble, call, times, struck, after, seen, decline_code }: Fault): string {
  const what =
    trouble === "declined" ? `charges are refused: ${decline_code}` : `${call}: ${TROUBLES[trouble]}`;
  const often = times === null ? "until ended" : `${times - struck} more`;
  return `${what}, ${often}${after > seen ? `, after ${after - seen} that go well` : ""}`;
}

function options(values: readonly (readonly [string, string])[]): Markup[] {
  return values.map(([value, words]) => markup`<option value="${value}">${words}</option>`);
}

function faultForm(): Markup {
  return markup`<form method="post">
<label for="trouble">What goes wrong</label>
<select id="trouble" name="trouble">${options(Object.entries(TROUBLES))}</select>
<label for="call">For which call</label>
<input id="call" name="call" value="*" aria-describedby="call-hint" autocomplete="off">
<p class="hint" id="call-hint">Such as <code>POST /v1/refunds</code> or <code>GET /v1/customers/*</code>; <code>*</code> is every call.</p>
<label for="decline_code">Why a card is refused</label>
<select id="decline_code" name="decline_code">${options(Object.keys(DECLINES).map((code) => [code, code] as const))}</select>
<div class="pair">
<div><label for="times">How often</label><input id="times" name="times" type="number" min="1" max="10000" placeholder="until ended"></div>
<div><label for="after">After how many</label><input id="after" name="after" type="number" min="0" max="10000" value="0"></div>
</div>
<button class="main" name="action" value="fault">Set fault</button>
</form>`;
}

function chaosForm({ settings }: Running["chaos"]): Markup {
  const chances = Object.entries(TURNS).map(
    ([turn, words]) => markup`<div><label for="${turn}">${words}, %</label>
<input id="${turn}" name="${turn}" type="number" min="0" max="100" value="${Math.round(settings[turn as Turn] * 100)}"></div>`,
  );
  return markup`<form method="post">
<div class="pair">${chances}
<div><label for="delayMs">How late, ms</label><input id="delayMs" name="delayMs" type="number" min="0" max="600000" value="${settings.delayMs}"></div></div>
<label for="seed">Seed</label>
<input id="seed" name="seed" type="number" min="0" max="2147483647" value="${settings.seed}" aria-describedby="seed-hint">
<p class="hint" id="seed-hint">The same seed takes the same turns again.</p>
<div class="buttons"><button name="action" value="chaos">Set chaos</button><button name="action" value="endChaos" class="quiet">Off</button></div>
</form>`;
}

/** Sets what the form says. Throws SwitchRefusal for values out of range. */
export function setSwitch(
  { sandbox: { faults }, chaos }: Running,
  action: string,
  fields: URLSearchParams,
): void {
  const number = (name: string) => (fields.get(name) ? Number(fields.get(name)) : undefined);
  if (action === "endFaults") faults.clear();
  if (action === "endChaos") chaos.set(chaosShape.parse({ seed: chaos.settings.seed }));
  if (action === "fault") {
    const fault = faultShape.safeParse({
      trouble: fields.get("trouble"),
      call: fields.get("call")?.trim() || undefined,
      times: number("times"),
      after: number("after"),
      decline_code: fields.get("decline_code") ?? undefined,
    });
    if (!fault.success) {
      throw new SwitchRefusal(
        "Name a call as POST /v1/refunds, or * for every call, and how often as a whole number.",
      );
    }
    faults.add(fault.data);
  }
  if (action === "chaos") {
    const chances = Object.keys(TURNS).map((turn) => [turn, (number(turn) ?? 0) / 100]);
    const wanted = chaosShape.safeParse({
      ...Object.fromEntries(chances),
      seed: number("seed"),
      delayMs: number("delayMs"),
    });
    if (!wanted.success)
      throw new SwitchRefusal("Chances go from 0 to 100, seed and delay are whole numbers.");
    chaos.set(wanted.data);
  }
}
