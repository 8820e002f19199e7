import type { Plan } from "@/lib/publication/plans";
import { type Choice, joinPath } from "./choice";
import "./plan-choice.css";

const NAMES = { month: "Monthly", year: "Yearly" } as const;

/** The month or the year, as links: the terms below are always those of the chosen one, also without JavaScript. */
export function PlanChoice({ plans, choice }: { plans: readonly Plan[]; choice: Choice }) {
  if (plans.length < 2) return null;
  return (
    <nav aria-label="How to pay">
      <ul className="plan-choice">
        {plans.map(({ interval, price, saving }) => (
          <li key={interval}>
            <a
              href={joinPath({ ...choice, plan: interval })}
              aria-current={interval === choice.plan ? "true" : undefined}
            >
              <span className="plan-name">{NAMES[interval]}</span>
              <strong>{price}</strong>
              {saving && <span className="plan-saving">{saving}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
