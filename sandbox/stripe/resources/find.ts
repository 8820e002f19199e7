import { missing } from "../api/errors";
import type { Customer, DeletedCustomer } from "../records";
import type { State } from "../state";

/** The row, or Stripe's error for an id that names nothing. `param` is set when the id came as a parameter. */
export function requireRow<T>(table: Map<string, T>, what: string, id: string, param?: string): T {
  const row = table.get(id);
  if (row === undefined) throw missing(what, id, param);
  return row;
}

/** A customer who was not deleted. */
export function requireCustomer(state: State, id: string, param?: string): Customer {
  const customer = requireRow(state.customers, "customer", id, param);
  if (isDeleted(customer)) throw missing("customer", id, param);
  return customer;
}

export function isDeleted(customer: Customer | DeletedCustomer): customer is DeletedCustomer {
  return "deleted" in customer;
}
