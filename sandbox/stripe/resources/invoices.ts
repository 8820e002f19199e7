import { z } from "zod";
import { cardRefused, invalid } from "../api/errors";
import { listPage, paging } from "../api/lists";
import { filled, isWithin, range, truth } from "../api/parameters";
import { type Route, route } from "../api/route";
import { collectInvoice, finalizeInvoice } from "../billing/collect";
import type { Invoice } from "../records";
import type { Sandbox } from "../sandbox";
import { requireRow } from "./find";

const statuses = ["draft", "open", "paid", "uncollectible", "void"] as const;

function payInvoice(sandbox: Sandbox, given: { payment_method?: string | undefined }, id: string): Invoice {
  const { state } = sandbox;
  const invoice = requireRow(state.invoices, "invoice", id);
  if (invoice.status === "paid") throw invalid("Invoice is already paid", { code: "invoice_already_paid" });
  if (invoice.status !== "open" && invoice.status !== "draft") {
    throw invalid(`The invoice is ${invoice.status} and cannot be paid.`, { code: "invoice_not_editable" });
  }
  const method =
    given.payment_method === undefined
      ? undefined
      : requireRow(state.paymentMethods, "PaymentMethod", given.payment_method, "payment_method");
  if (method && method.customer !== invoice.customer) {
    throw invalid("The payment method must be attached to the invoice's customer.", {
      param: "payment_method",
    });
  }
  if (invoice.status === "draft") finalizeInvoice(sandbox, invoice);
  const failure = collectInvoice(sandbox, invoice, { holderPresent: false, ...(method ? { method } : {}) });
  if (failure) throw cardRefused(failure);
  return invoice;
}

const listing = z.strictObject({
  ...paging,
  collection_method: z.enum(["charge_automatically", "send_invoice"]).optional(),
  created: range.optional(),
  customer: filled.optional(),
  status: z.enum(statuses, `must be one of ${statuses.join(", ")}`).optional(),
  subscription: filled.optional(),
});

export const invoiceRoutes: Route[] = [
  route("GET", "/v1/invoices/:invoice", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.invoices, "invoice", id),
  ),
  route(
    "POST",
    "/v1/invoices/:invoice/pay",
    z.strictObject({ payment_method: filled.optional(), off_session: truth.optional() }),
    payInvoice,
  ),
  route("GET", "/v1/invoices/:invoice/lines", z.strictObject(paging), ({ state }, given, id) =>
    listPage(`/v1/invoices/${id}/lines`, requireRow(state.invoices, "invoice", id).lines.data, given),
  ),
  route("GET", "/v1/invoices", listing, ({ state }, given) => {
    if (given.customer !== undefined) requireRow(state.customers, "customer", given.customer, "customer");
    const rows = [...state.invoices.values()].filter(
      (invoice) =>
        isWithin(invoice.created, given.created) &&
        (given.collection_method ?? invoice.collection_method) === invoice.collection_method &&
        (given.customer ?? invoice.customer) === invoice.customer &&
        (given.status ?? invoice.status) === invoice.status &&
        (given.subscription === undefined ||
          given.subscription === invoice.parent.subscription_details.subscription),
    );
    return listPage("/v1/invoices", rows, given);
  }),
  route("GET", "/v1/invoice_payments/:payment", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.invoicePayments, "invoice_payment", id),
  ),
  route(
    "GET",
    "/v1/invoice_payments",
    z.strictObject({
      ...paging,
      created: range.optional(),
      invoice: filled.optional(),
      payment: z
        .strictObject({ type: z.literal("payment_intent", "must be payment_intent"), payment_intent: filled })
        .optional(),
      status: z.enum(["canceled", "open", "paid"], "must be canceled, open or paid").optional(),
    }),
    ({ state }, given) => {
      const rows = [...state.invoicePayments.values()].filter(
        (payment) =>
          isWithin(payment.created, given.created) &&
          (given.invoice ?? payment.invoice) === payment.invoice &&
          (given.payment?.payment_intent ?? payment.payment.payment_intent) ===
            payment.payment.payment_intent &&
          (given.status ?? payment.status) === payment.status,
      );
      return listPage("/v1/invoice_payments", rows, given);
    },
  ),
];
