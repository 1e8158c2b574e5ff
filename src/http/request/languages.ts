import type { IncomingMessage } from 'node:http';

/** A language range with its weight (RFC 9110 §12.5.4). */
const weighted =
  /^([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?:[\t ]*;[\t ]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

/** More ranges than this are not read. */
const maxRanges = 20;

/** The languages of `Accept-Language`, the most wanted first. What is not of the header's form is left out. */
export function acceptedLanguages({ headers }: Pick<IncomingMessage, 'headers'>): string[] {
  return (headers['accept-language'] ?? '')
    .split(',', maxRanges)
    .flatMap((range) => {
      const [, tag, weight = '1'] = weighted.exec(range.trim()) ?? [];
      return tag !== undefined && Number(weight) > 0 ? [{ tag, weight: Number(weight) }] : [];
    })
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag);
}
