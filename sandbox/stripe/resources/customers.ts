import { z } from "zod";
import { listPage, paging } from "../api/lists";
import { email, filled, isWithin, mergeMetadata, metadata, orNull, range, text } from "../api/parameters";
import { type Route, route } from "../api/route";
import { cancelNow, isOver } from "../billing/cancel";
import { newId, newInvoicePrefix } from "../ids";
import type { Customer, DeletedCustomer } from "../records";
import type { Sandbox } from "../sandbox";
import { isDeleted, requireCustomer, requireRow } from "./find";

const emailOrEmpty = z.union([z.literal(""), email]);
const address = z.union([
  z.literal(""),
  z.strictObject({
    city: text.optional(),
    country: text.optional(),
    line1: text.optional(),
    line2: text.optional(),
    postal_code: text.optional(),
    state: text.optional(),
  }),
]);

const fields = {
  address: address.optional(),
  description: text.optional(),
  email: emailOrEmpty.optional(),
  metadata: metadata.optional(),
  name: text.optional(),
  phone: text.max(20, "is longer than 20 characters").optional(),
  preferred_locales: z.array(filled).optional(),
};

const creation = z.strictObject(fields);

const change = z.strictObject({
  ...fields,
  invoice_settings: z.strictObject({ default_payment_method: text }).optional(),
});

type Address = NonNullable<Customer["address"]> | null;

function addressOf(given: z.output<typeof address> | undefined, current: Address): Address {
  if (given === undefined) return current;
  if (given === "") return null;
  const empty = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return {
    ...empty,
    ...Object.fromEntries(Object.entries(given).map(([key, value]) => [key, orNull(value)])),
  };
}

export function createCustomer(
  { state, clock, events }: Sandbox,
  given: z.output<typeof creation>,
): Customer {
  const customer: Customer = {
    id: newId("cus"),
    object: "customer",
    address: addressOf(given.address, null),
    balance: 0,
    created: clock.seconds(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: orNull(given.description),
    discount: null,
    email: orNull(given.email),
    invoice_prefix: newInvoicePrefix(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: mergeMetadata({}, given.metadata),
    name: orNull(given.name),
    next_invoice_sequence: 1,
    phone: orNull(given.phone),
    preferred_locales: given.preferred_locales ?? [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  };
  state.customers.set(customer.id, customer);
  events.emit("customer.created", customer);
  return customer;
}

function updateCustomer({ state, events }: Sandbox, given: z.output<typeof change>, id: string): Customer {
  const customer = requireCustomer(state, id);
  const method = given.invoice_settings?.default_payment_method;
  if (method)
    requireRow(state.paymentMethods, "PaymentMethod", method, "invoice_settings[default_payment_method]");
  events.change("customer.updated", customer, {
    address: addressOf(given.address, customer.address ?? null),
    description: orNull(given.description, customer.description),
    email: orNull(given.email, customer.email),
    invoice_settings: {
      ...customer.invoice_settings,
      default_payment_method: orNull(method, customer.invoice_settings.default_payment_method),
    },
    metadata: mergeMetadata(customer.metadata, given.metadata),
    name: orNull(given.name, customer.name),
    phone: orNull(given.phone, customer.phone ?? null),
    preferred_locales: given.preferred_locales ?? customer.preferred_locales ?? [],
  });
  return customer;
}

/** Ends the customer's subscriptions at once, as Stripe does. */
function deleteCustomer(sandbox: Sandbox, id: string): DeletedCustomer {
  const { state, events } = sandbox;
  const customer = requireCustomer(state, id);
  for (const subscription of state.subscriptions.values()) {
    if (subscription.customer === id && !isOver(subscription)) {
      cancelNow(sandbox, subscription, { reason: "cancellation_requested" });
    }
  }
  events.emit("customer.deleted", customer);
  const deleted: DeletedCustomer = { id, object: "customer", deleted: true };
  state.customers.set(id, deleted);
  return deleted;
}

export const customerRoutes: Route[] = [
  route("POST", "/v1/customers", creation, createCustomer),
  route("GET", "/v1/customers/:customer", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.customers, "customer", id),
  ),
  route("POST", "/v1/customers/:customer", change, updateCustomer),
  route("DELETE", "/v1/customers/:customer", z.strictObject({}), (sandbox, _given, id) =>
    deleteCustomer(sandbox, id),
  ),
  route(
    "GET",
    "/v1/customers",
    z.strictObject({ ...paging, created: range.optional(), email: text.optional() }),
    ({ state }, given) => {
      const rows = [...state.customers.values()]
        .filter((customer): customer is Customer => !isDeleted(customer))
        .filter(
          ({ email: own, created }) => (given.email ?? own) === own && isWithin(created, given.created),
        );
      return listPage("/v1/customers", rows, given);
    },
  ),
];
