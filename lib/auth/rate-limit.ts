export { type Limit, type LimitAnswer, takeToken } from "@/lib/rate-limit";
