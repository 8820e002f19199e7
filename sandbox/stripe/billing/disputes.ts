import { invalid } from "../api/errors";
import { DAY } from "../calendar";
import { newId } from "../ids";
import type { Charge, Dispute } from "../records";
import { requireRow } from "../resources/find";
import type { Sandbox } from "../sandbox";

/** The holder's bank takes the money back, and asks for evidence. Throws ApiError where there is nothing to dispute. */
export function openDispute(sandbox: Sandbox, charge: Charge, reason = "fraudulent"): Dispute {
  const { state, clock, events } = sandbox;
  if (charge.status !== "succeeded" || charge.disputed || charge.refunded) {
    throw invalid(`Charge ${charge.id} cannot be disputed.`, { param: "charge" });
  }
  const now = clock.seconds();
  const dispute: Dispute = {
    id: newId("du"),
    object: "dispute",
    amount: charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence(),
    evidence_details: {
      due_by: now + 9 * DAY,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: "needs_response",
  };
  state.disputes.set(dispute.id, dispute);
  charge.disputed = true;
  events.emit("charge.dispute.created", dispute);
  events.emit("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

/** The bank decides. Won: the money comes back. A closed dispute stays as it is. */
export function closeDispute(sandbox: Sandbox, id: string, outcome: "won" | "lost"): Dispute {
  const dispute = requireRow(sandbox.state.disputes, "dispute", id);
  if (dispute.status === "won" || dispute.status === "lost") return dispute;
  dispute.status = outcome;
  sandbox.events.emit("charge.dispute.closed", dispute);
  if (outcome === "won") sandbox.events.emit("charge.dispute.funds_reinstated", dispute);
  return dispute;
}

function noEvidence(): Dispute["evidence"] {
  return {
    access_activity_log: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: null,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: null,
  };
}
