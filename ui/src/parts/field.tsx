import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** What is wrong with it, as the server says. */
  readonly error?: string;
  readonly hint?: string;
  /** Whether what is typed must not be seen. */
  readonly secret?: boolean;
  readonly required?: boolean;
  /** Whether it has the focus when it appears. */
  readonly autofocus?: boolean;
}

/** A text field with its label, and with the server's reason beside it when its value was refused. */
export function Field({
  label,
  name,
  value,
  onValue,
  error,
  hint,
  secret = false,
  required,
  autofocus,
}: FieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autofocus) input.current?.focus();
  }, []);
  useEffect(() => {
    if (error !== undefined) input.current?.focus();
  }, [error]);
  return (
    <FieldFrame id={id} label={label} error={error} hint={hint}>
      <input
        ref={input}
        id={id}
        name={name}
        {...(secret ? { type: 'password' } : { type: 'text' })}
        value={value}
        required={required}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-error ${id}-hint`}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
    </FieldFrame>
  );
}

interface FieldFrameProps {
  /** Of the field; those of the texts that describe it begin with it. */
  readonly id: string;
  readonly label: string;
  readonly error?: string;
  readonly hint?: string;
  /** The field. */
  readonly children: ComponentChildren;
}

/** A field's label, and what there is to say about it. */
export function FieldFrame({ id, label, error, hint, children }: FieldFrameProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <p id={`${id}-error`} class="error" role="alert">
        {error}
      </p>
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
