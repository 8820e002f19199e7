import type { ComponentProps } from "react";

export type ButtonTone = "primary" | "quiet" | "danger";

const SHAPE =
  "inline-flex min-h-11 items-center justify-center gap-2 rounded-[3px] border px-5 py-2 text-[0.9375rem] leading-tight font-medium no-underline disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55";

const TONES: Readonly<Record<ButtonTone, string>> = {
  primary: "border-accent bg-accent text-accent-ink hover:brightness-110",
  quiet: "border-line bg-transparent text-ink hover:border-ink-soft",
  danger: "border-bad bg-transparent text-bad hover:bg-bad hover:text-paper",
};

export function buttonClass(tone: ButtonTone = "primary", extra = ""): string {
  return `${SHAPE} ${TONES[tone]} ${extra}`.trim();
}

export function Button({
  tone = "primary",
  type = "submit",
  className = "",
  ...rest
}: ComponentProps<"button"> & { tone?: ButtonTone }) {
  return <button type={type} className={buttonClass(tone, className)} {...rest} />;
}

/** A link that looks like a button. Plain `a`: nothing is fetched before the click. */
export function ButtonLink({
  tone = "primary",
  className = "",
  ...rest
}: ComponentProps<"a"> & { tone?: ButtonTone; href: string }) {
  return <a className={buttonClass(tone, className)} {...rest} />;
}
