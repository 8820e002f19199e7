import { chargeRoutes } from "../resources/charges";
import { checkoutSessionRoutes } from "../resources/checkout-sessions";
import { couponRoutes } from "../resources/coupons";
import { customerRoutes } from "../resources/customers";
import { disputeRoutes } from "../resources/disputes";
import { eventRoutes } from "../resources/events";
import { invoiceRoutes } from "../resources/invoices";
import { paymentMethodRoutes } from "../resources/payment-methods";
import { portalConfigurationRoutes } from "../resources/portal-configurations";
import { portalSessionRoutes } from "../resources/portal-sessions";
import { priceRoutes } from "../resources/prices";
import { productRoutes } from "../resources/products";
import { promotionCodeRoutes } from "../resources/promotion-codes";
import { refundRoutes } from "../resources/refunds";
import { subscriptionRoutes } from "../resources/subscriptions";
import { webhookEndpointRoutes } from "../resources/webhook-endpoints";
import type { Route } from "./route";

/** Every call that the sandbox offers. */
export const ROUTES: readonly Route[] = [
  ...productRoutes,
  ...priceRoutes,
  ...couponRoutes,
  ...promotionCodeRoutes,
  ...customerRoutes,
  ...checkoutSessionRoutes,
  ...subscriptionRoutes,
  ...invoiceRoutes,
  ...chargeRoutes,
  ...paymentMethodRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...portalConfigurationRoutes,
  ...portalSessionRoutes,
  ...webhookEndpointRoutes,
  ...eventRoutes,
];
