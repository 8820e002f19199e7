/** What somebody with Stripe's dashboard may do, and the sandbox's own clock. */
export class StripeSandbox {
  readonly url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.#key = key;
  }

  /** True for its hosted pages, which it names by the loopback address, whatever name it is asked by. */
  isAt(address: URL): boolean {
    return address.port === new URL(this.url).port;
  }

  /** Ends what this customer has now, without waiting for the paid end, as the account's owner can in the dashboard. */
  async cancelAtOnce(email: string): Promise<void> {
    for (const { id, status } of await this.subscriptionsOf(email)) {
      if (status !== "canceled") await this.#call("DELETE", `subscriptions/${id}`);
    }
  }

  /** Everything this address ever subscribed to, ended or not. */
  async subscriptionsOf(email: string): Promise<{ id: string; status: string }[]> {
    type List<Row> = { data: Row[] };
    const customers = await this.#call<List<{ id: string }>>(
      "GET",
      `customers?email=${encodeURIComponent(email)}`,
    );
    const lists = await Promise.all(
      customers.data.map(({ id }) =>
        this.#call<List<{ id: string; status: string }>>("GET", `subscriptions?customer=${id}&status=all`),
      ),
    );
    return lists.flatMap(({ data }) => data);
  }

  async #call<T>(method: "GET" | "DELETE", path: string): Promise<T> {
    const response = await fetch(`${this.url}/v1/${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#key}` },
    });
    if (!response.ok) throw new Error(`Stripe answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Moves its time on; everything that falls due happens, and its webhooks have been tried once when this returns. */
  async advance(by: { days?: number; hours?: number }): Promise<void> {
    const seconds = (by.days ?? 0) * 86_400 + (by.hours ?? 0) * 3_600;
    await this.#control("clock/advance", { seconds });
  }

  /** The same, to a moment in Unix seconds. */
  async advanceTo(seconds: number): Promise<void> {
    await this.#control("clock/advance", { to: new Date(seconds * 1_000).toISOString() });
  }

  /** How often, from 0 to 1, webhooks take each wrong turn on their way; left out, all go well. */
  async setChaos(chances: Record<string, number> = {}): Promise<void> {
    await this.#control("chaos", chances);
  }

  async #control(path: string, wanted: object): Promise<void> {
    const response = await fetch(`${this.url}/_sandbox/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wanted),
    });
    if (!response.ok)
      throw new Error(`The sandbox refused ${path}: ${response.status} ${await response.text()}`);
  }

  async state(): Promise<unknown> {
    return (await fetch(`${this.url}/_sandbox/state`)).json();
  }
}
