import type { Refused } from "../classify";

/** A provider's request as it came: signatures are over these bytes. */
export type WebhookRequest = { headers: Headers; url: URL; body: Buffer };

/** What one signed event says. `returnPath` and `messageId` are those of the mail, where the provider kept them. */
export type ProviderEvent = {
  /** The provider's own number, so that the same event counts once. */
  id: string;
  recipient: string;
  returnPath: string | null;
  messageId: string | null;
} & ({ complaint: true } | ({ complaint: false } & Refused));

/** Why a request is not believed. */
export class NotBelieved extends Error {}

/** Throws NotBelieved for what is no JSON. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new NotBelieved("It is no JSON.");
  }
}
