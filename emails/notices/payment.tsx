import { Button, QuietLink } from "../layout";
import { Aside, Heading, type NoticeTemplate, Terms, Words } from "../notice";

export type ReceiptProps = {
  amountLabel: string;
  /** What a discount took off. */
  discountLabel: string | null;
  /** Such as `$3 a month`; null where no charge follows. */
  nextPriceLabel: string | null;
  /** As a reader sees it. */
  periodEndsAt: string;
  invoiceUrl: string | null;
  cancelUrl: string;
};

const rowsOf = (data: ReceiptProps, name: string) =>
  [
    [
      "Paid",
      data.discountLabel ? `${data.amountLabel}, ${data.discountLabel} less by a discount` : data.amountLabel,
    ],
    ["For", `membership of ${name}`],
    [data.nextPriceLabel ? "Next charge" : "Paid until", data.periodEndsAt],
    ...(data.nextPriceLabel ? ([["Then", data.nextPriceLabel]] as const) : []),
  ] as const;

export const paymentReceived: NoticeTemplate<ReceiptProps> = {
  subject: (data, { publication }) => `Receipt: ${data.amountLabel} for ${publication.name}`,
  preheader: (data) => `Thank you. Your membership is paid until ${data.periodEndsAt}.`,
  reason: (_data, { publication }) =>
    `You get this because you are a member of ${publication.name}. A receipt comes with each payment.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Thank you</Heading>
      <Words>Your payment arrived. It is what keeps {frame.publication.name} going.</Words>
      <Terms rows={rowsOf(data, frame.publication.name)} />
      {data.invoiceUrl && (
        <Button href={data.invoiceUrl} look={frame.look}>
          Open the invoice
        </Button>
      )}
      <Aside>
        Change your card on <QuietLink href={frame.accountUrl}>your account page</QuietLink>.{" "}
        <QuietLink href={data.cancelUrl}>Cancel in two clicks</QuietLink>, without signing in.
      </Aside>
    </>
  ),
  text: (data, { publication, accountUrl }) =>
    [
      `Thank you\n\nYour payment arrived. It is what keeps ${publication.name} going.`,
      rowsOf(data, publication.name)
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n"),
      ...(data.invoiceUrl ? [`Invoice: ${data.invoiceUrl}`] : []),
      `Change your card: ${accountUrl}\n\nCancel in two clicks, without signing in: ${data.cancelUrl}`,
    ].join("\n\n"),
};

export const paymentFailed: NoticeTemplate<{ amountLabel: string; accessEndsAt: string; fixUrl: string }> = {
  subject: (_data, { publication }) => `Your payment for ${publication.name} did not go through`,
  preheader: (data) => `Everything stays open until ${data.accessEndsAt}.`,
  reason: (_data, { publication }) =>
    `You get this because you are a member of ${publication.name} and a payment failed.`,
  Body: ({ data, frame }) => (
    <>
      <Heading>Your payment did not go through</Heading>
      <Words>
        Your bank refused the charge of {data.amountLabel}. That happens when a card expires or needs a
        confirmation. Everything stays open to you until {data.accessEndsAt}, and the charge is tried again by
        then. Another card is charged as soon as you enter it.
      </Words>
      <Button href={data.fixUrl} look={frame.look}>
        Update my card
      </Button>
      <Aside>If you would rather end the membership, you can do so on the same page.</Aside>
    </>
  ),
  text: (data) => `Your payment did not go through

Your bank refused the charge of ${data.amountLabel}. That happens when a card
expires or needs a confirmation. Everything stays open to you until
${data.accessEndsAt}, and the charge is tried again by then. Another card is
charged as soon as you enter it.

Update your card, or end the membership: ${data.fixUrl}`,
};
