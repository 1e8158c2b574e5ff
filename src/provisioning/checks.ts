import { isHashable, maxSecretBytes } from '../domain/secret.js';

/** Says why a value is refused, in fixed words; undefined when it is good. */
export type Check = (value: unknown) => string | undefined;

/** Text of any lines. */
export function text(maxLength: number): Check {
  return (value) => {
    if (typeof value !== 'string') return 'must be text: put it in quotes';
    if (value.length > maxLength) return `must not be longer than ${maxLength} characters`;
    if (value.includes('\0')) return 'must not contain NUL';
    return /\p{Surrogate}/u.test(value) ? 'must not contain an unpaired surrogate' : undefined;
  };
}

/** Text of one line, not empty. */
export function line(maxLength: number): Check {
  const checkText = text(maxLength);
  return (value) => {
    const reason = checkText(value);
    if (reason !== undefined) return reason;
    if (value === '') return 'must not be empty';
    return /\p{Control}/u.test(value as string) ? 'must not contain control characters' : undefined;
  };
}

export const redirectUriReason =
  'must be an absolute URI without fragment, user info and *: https, http on 127.0.0.1, [::1] or localhost, or a scheme with a dot';

/** A password or client secret in clear. */
export const clearSecret: Check = (value) => {
  const reason = line(Infinity)(value);
  if (reason !== undefined) return reason;
  return isHashable(value as string) ? undefined : `must not be longer than ${maxSecretBytes} bytes`;
};

/** Text of the form that `test` knows. */
export function form(test: (text: string) => boolean, reason: string): Check {
  return (value) => (typeof value === 'string' && test(value) ? undefined : reason);
}

export function oneOf(values: readonly string[]): Check {
  return form((value) => values.includes(value), oneOfReason(values));
}

export function oneOfReason(values: readonly string[]): string {
  return `must be one of ${values.join(', ')}`;
}

export function wholeNumber(min: number, max: number): Check {
  return (value) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : wholeNumberReason(min, max);
}

export function wholeNumberReason(min: number, max: number): string {
  return `must be a whole number from ${min} to ${max}`;
}
