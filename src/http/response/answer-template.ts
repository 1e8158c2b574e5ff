import type { AnswerDetails } from '../../observability/request-observer.js';
import { jsonValue, quoted, quotedName } from './json-text.js';
import { jsonHeaders, type JsonValue, type Reply } from './reply.js';

/** Stand in a template for what differs from answer to answer: the token as it was presented, and its seconds. */
export const presentedToken = Symbol('presented token');
export const secondsLeft = Symbol('seconds left');

type Slot = typeof presentedToken | typeof secondsLeft;

/** As `JsonMembers`, with slots. */
export type TemplateMembers = readonly (readonly [name: string, value: JsonValue | Slot])[];

/** A JSON object with slots. */
export interface AnswerTemplate {
  /** The texts around the slots, one more than these. */
  readonly texts: readonly string[];
  readonly slots: readonly Slot[];
  /** Length of all texts in bytes. */
  readonly bytes: number;
}

/** Writes the template of a JSON object that has members. */
export function answerTemplate(members: TemplateMembers): AnswerTemplate {
  const texts: string[] = [];
  const slots: Slot[] = [];
  let text = '';
  let separator = '{';
  for (const [name, value] of members) {
    text += `${separator}${quotedName(name)}:`;
    separator = ',';
    if (typeof value === 'symbol') {
      texts.push(text);
      slots.push(value);
      text = '';
    } else {
      text += jsonValue(value);
    }
  }
  texts.push(`${text}}`);
  return { texts, slots, bytes: Buffer.byteLength(texts.join('')) };
}

/**
 * A JSON answer, 200, that caches must not store.
 * @param token as it was presented
 * @param seconds that it has left
 */
export function filledReply(
  { texts, slots, bytes }: AnswerTemplate,
  token: string,
  seconds: number,
  details: AnswerDetails,
): Reply {
  let body = texts[0];
  let length = bytes;
  for (let at = 0; at < slots.length; at += 1) {
    const value = slots[at] === secondsLeft ? String(seconds) : quoted(token);
    length += slots[at] === secondsLeft ? value.length : Buffer.byteLength(value);
    body += value + texts[at + 1];
  }
  return { status: 200, headers: jsonHeaders, body, bytes: length, details };
}
