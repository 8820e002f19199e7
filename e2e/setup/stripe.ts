/** The Stripe sandbox's own controls: not Stripe's API, but its clock. */
export class StripeSandbox {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Moves its time on; everything that falls due happens, and its webhooks have been tried once when this returns. */
  async advance(by: { days?: number; hours?: number }): Promise<void> {
    const seconds = (by.days ?? 0) * 86_400 + (by.hours ?? 0) * 3_600;
    const response = await fetch(`${this.url}/_sandbox/clock/advance`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ seconds }),
    });
    if (!response.ok) throw new Error(`The clock did not move: ${response.status} ${await response.text()}`);
  }

  async state(): Promise<unknown> {
    return (await fetch(`${this.url}/_sandbox/state`)).json();
  }
}
