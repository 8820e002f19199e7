import { newId } from "../ids";
import type { CardFailure, SetupIntent } from "../records";
import type { Sandbox } from "../sandbox";

/** Records that a card was saved for later charges, or why it was refused. */
export function recordSetup(
  { state, clock, events }: Sandbox,
  customer: string | null,
  outcome: { method: string } | { failure: CardFailure },
): SetupIntent {
  const id = newId("seti");
  const failure = "failure" in outcome ? outcome.failure : null;
  const intent: SetupIntent = {
    id,
    object: "setup_intent",
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${newId("x").slice(2)}`,
    created: clock.seconds(),
    customer,
    description: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: failure,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: "method" in outcome ? outcome.method : null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ["card"],
    single_use_mandate: null,
    status: failure ? "requires_payment_method" : "succeeded",
    usage: "off_session",
  };
  state.setupIntents.set(id, intent);
  events.emit("setup_intent.created", intent);
  events.emit(failure ? "setup_intent.setup_failed" : "setup_intent.succeeded", intent);
  return intent;
}
