import { ValidateBy } from 'class-validator';
import { isHashable, maxSecretBytes } from '../domain/secret.js';
import { keySegment } from './problems.js';

/** Says why a value is refused, in fixed words; undefined when it is good. */
export type Check = (value: unknown) => string | undefined;

/** What is wrong inside a value: where below its own key (`[0]`, `.mail`, or nothing for itself), and why. */
export interface Flaw {
  readonly at: string;
  readonly reason: string;
}

export type Inspect = (value: unknown) => readonly Flaw[];

/** A property that the check accepts. */
export function Is(check: Check): PropertyDecorator {
  return Has((value) => flaw('', check(value)));
}

/** A list of which the check accepts every item. */
export function IsListOf(check: Check): PropertyDecorator {
  return Has((value) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => flaw(`[${index}]`, check(item)))
      : flaw('', 'must be a list'),
  );
}

/** Attributes: a mapping from names to a text, or to a list of texts. */
export function IsAttributes(): PropertyDecorator {
  const checkName = line(255);
  const checkValue = text(4096);
  return Has((attributes) => {
    if (!(attributes instanceof Map)) return flaw('', 'must be a mapping');
    return [...(attributes as Map<string, unknown>)].flatMap(([name, value]) => {
      const at = keySegment(name);
      const values = Array.isArray(value)
        ? value.flatMap((item, index) => flaw(`${at}[${index}]`, checkValue(item)))
        : flaw(at, checkValue(value));
      return [...flaw(at, checkName(name)), ...values];
    });
  });
}

/** A mapping from names to a text each. */
export function IsTexts(): PropertyDecorator {
  const checkName = line(255);
  const checkValue = text(1024);
  return Has((texts) => {
    if (!(texts instanceof Map)) return flaw('', 'must be a mapping');
    return [...(texts as Map<string, unknown>)].flatMap(([name, value]) => [
      ...flaw(keySegment(name), checkName(name)),
      ...flaw(keySegment(name), checkValue(value)),
    ]);
  });
}

/** class-validator keeps one message for a property; which flaws it has, `flawsIn` (parse.ts) asks the context. */
function Has(inspect: Inspect): PropertyDecorator {
  const validator = {
    validate: (value: unknown) => inspect(value).length === 0,
    defaultMessage: () => 'has flaws', // no context is kept without a message
  };
  return ValidateBy({ name: 'inspect', validator }, { context: { inspect } });
}

function flaw(at: string, reason: string | undefined): Flaw[] {
  return reason === undefined ? [] : [{ at, reason }];
}

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
  return form((value) => values.includes(value), `must be one of ${values.join(', ')}`);
}

export function wholeNumber(min: number, max: number): Check {
  return (value) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;
}
