export type Choice = { value: string; label: string; note: string };

/** One of a few, each with a line of its own. */
export function ChoiceRow({
  name,
  legend,
  choices,
  chosen,
  error,
}: {
  name: string;
  legend: string;
  choices: readonly Choice[];
  chosen: string;
  error?: string | undefined;
}) {
  return (
    <fieldset className="grid gap-2" aria-describedby={error ? `${name}-error` : undefined}>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      {choices.map(({ value, label, note }) => (
        <label
          key={value}
          className="flex min-h-11 flex-wrap items-baseline gap-x-3 rounded-[3px] border border-line px-3 py-2 has-checked:border-accent"
        >
          <input type="radio" name={name} value={value} defaultChecked={value === chosen} required />
          <span className="font-medium">{label}</span>
          <span className="text-ink-soft">{note}</span>
        </label>
      ))}
      {error && (
        <p id={`${name}-error`} className="text-sm text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}
