import type { IncomingMessage } from 'node:http';
import { decode, unreadable } from '../http/request/parameters.js';
import { badParameter } from './problem.js';

/** The longest value of a parameter, in characters. */
export const maxParameterLength = 400;

/**
 * The query of a request, read strictly: a parameter that is unknown, repeated, too long or not valid UTF-8 is refused,
 * so that a misspelt filter never shows more than was asked for. An empty value is a value.
 */
export class AdminQuery {
  private readonly values = new Map<string, string>();

  /**
   * @param known the names of the parameters that the route has
   * @throws Problem 400
   */
  constructor({ url = '' }: IncomingMessage, known: readonly string[]) {
    const mark = url.indexOf('?');
    const query = mark < 0 ? '' : url.slice(mark + 1);
    for (const pair of query.split('&')) {
      if (pair !== '') this.add(pair, known);
    }
  }

  /** The parameter's value; undefined when it was not sent. */
  text(name: string): string | undefined {
    return this.values.get(name);
  }

  /** @throws Problem 400 for a value that is none of these */
  oneOf<Value extends string>(name: string, values: readonly Value[], fallback: Value): Value {
    const text = this.text(name) ?? fallback;
    const value = values.find((known) => known === text);
    if (value === undefined) throw badParameter(name, `none of ${values.join(', ')}`);
    return value;
  }

  /** @throws Problem 400 for anything else than a whole number in these bounds, of at most 3 digits */
  integer(name: string, least: number, most: number, fallback: number): number {
    const text = this.text(name) ?? String(fallback);
    const value = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) {
      throw badParameter(name, `not a whole number from ${least} to ${most}`);
    }
    return value;
  }

  private add(pair: string, known: readonly string[]): void {
    const equals = pair.indexOf('=');
    const sent = decode(equals < 0 ? pair : pair.slice(0, equals));
    const name = known.find((other) => other === sent);
    if (name === undefined) {
      throw badParameter(
        undefined,
        `a parameter is unknown; the known ones are ${known.join(', ') || 'none'}`,
      );
    }
    if (this.values.has(name)) throw badParameter(name, 'is repeated');
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (value === unreadable) throw badParameter(name, 'is not UTF-8, or has a NUL');
    if (value.length > maxParameterLength)
      throw badParameter(name, `is longer than ${maxParameterLength} characters`);
    this.values.set(name, value);
  }
}
