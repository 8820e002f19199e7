import type { ComponentProps, ReactNode } from "react";

export const CONTROL_CLASS =
  "w-full min-h-11 rounded-[3px] border border-line bg-paper px-3 py-2 text-base text-ink placeholder:text-ink-soft aria-invalid:border-bad";

/**
 * A labelled form row: hint and error are tied to the control by id. `children` gets the attributes to spread on it.
 */
export function FieldRow({
  id,
  label,
  hint,
  error,
  children,
}: {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  children: (control: ControlAttributes) => ReactNode;
}) {
  const describedBy = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        className: CONTROL_CLASS,
        ...(describedBy && { "aria-describedby": describedBy }),
        ...(error && { "aria-invalid": true as const }),
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-ink-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

export type ControlAttributes = {
  id: string;
  className: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
};

type FieldProps = ComponentProps<"input"> & {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
};

export function Field({ id, label, hint, error, className: extra, ...input }: FieldProps) {
  return (
    <FieldRow id={id} label={label} hint={hint} error={error}>
      {({ className, ...control }) => (
        <input className={extra ? `${className} ${extra}` : className} {...control} {...input} />
      )}
    </FieldRow>
  );
}
