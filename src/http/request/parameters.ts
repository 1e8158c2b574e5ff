import { malformed } from '../../domain/oauth-error.js';

/** Stands for a value that is not a text: it holds invalid UTF-8, a broken percent-escape or a NUL. */
export const unreadable = Symbol('unreadable');

/**
 * Parameters of an `application/x-www-form-urlencoded` text, either a query or a form. Names are used as they
 * were sent: no nesting, no arrays. A list form of a name (`a[]`, `a[0]`, `a[$ne]`) counts as sending it
 * twice.
 */
export class FormParameters {
  private readonly values = new Map<string, (string | typeof unreadable)[]>();
  private unreadableNames = false;

  /** @param text ASCII, still encoded */
  constructor(text: string) {
    if (text === '') return;
    for (const pair of text.split('&')) {
      if (pair !== '') this.add(pair);
    }
  }

  /**
   * The parameter's value; undefined when it was not sent, or sent empty (RFC 6749 §3.1, §3.2).
   * @throws OAuthError `invalid_request` when it was sent twice or is unreadable
   */
  one(name: string): string | undefined {
    const value = this.oneOrUnreadable(name);
    if (value === unreadable) throw malformed('unreadable parameter');
    return value;
  }

  /** As `one`, but returns `unreadable` instead of throwing: an unreadable token counts as an unknown one. */
  oneOrUnreadable(name: string): string | typeof unreadable | undefined {
    const values = this.values.get(name);
    if (!values) return undefined;
    if (values.length > 1) throw malformed('repeated parameter');
    return values[0] === '' ? undefined : values[0];
  }

  /** The parameter's values, in the order in which they were sent. */
  all(name: string): readonly (string | typeof unreadable)[] {
    return this.values.get(name) ?? [];
  }

  /** Whether the parameter was sent at all, empty or not. */
  has(name: string): boolean {
    return this.values.has(name);
  }

  /**
   * Refuses the whole text when any of its names or values is unreadable.
   * @param except the one parameter that may be unreadable
   * @throws OAuthError `invalid_request`
   */
  refuseUnreadable(except?: string): this {
    if (this.unreadableNames) throw malformed('unreadable parameter');
    for (const [name, values] of this.values) {
      if (name !== except && values.includes(unreadable)) throw malformed('unreadable parameter');
    }
    return this;
  }

  /**
   * Adds the parameters of another text. One that is in both counts as sent twice.
   * @param except the one parameter that is not added
   */
  include(other: FormParameters, except: string): void {
    for (const [name, values] of other.values) {
      if (name !== except) this.push(name, ...values);
    }
  }

  /**
   * All names with their values; a name that was sent twice is there twice.
   * @throws OAuthError `invalid_request` when any of them is unreadable
   */
  pairs(): [name: string, value: string][] {
    this.refuseUnreadable();
    return [...this.values].flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value as string]),
    );
  }

  private add(pair: string): void {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (name === unreadable) {
      this.unreadableNames = true;
      return;
    }
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    const bracket = name.indexOf('[');
    if (bracket > 0) {
      this.push(name.slice(0, bracket), value, value);
    } else {
      this.push(name, value);
    }
  }

  private push(name: string, ...values: (string | typeof unreadable)[]): void {
    const known = this.values.get(name);
    if (known) known.push(...values);
    else this.values.set(name, values);
  }
}

/** Decodes one name or value: `+` is a space, `%XX` a byte of UTF-8. */
export function decode(text: string): string | typeof unreadable {
  if (!needsCare.test(text)) return text;
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return decoded.includes('\0') || !ascii.test(text) ? unreadable : decoded;
  } catch {
    return unreadable;
  }
}

const needsCare = /[^\x20-\x24\x26-\x2A\x2C-\x7E]/;
const ascii = /^[\x20-\x7E]*$/;
